"""The composition root: the only place that builds objects and joins adapters to the pipeline."""
