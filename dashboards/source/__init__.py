"""Builds dashboards/*.json from the metric catalogue: `python -m dashboards.source` writes them anew."""
