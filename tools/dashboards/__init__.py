"""Builds dashboards/*.json from the metric catalogue: `python -m tools.dashboards` writes them anew."""
