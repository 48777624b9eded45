"""From a sensor clipped on anyhow to the pelvis: where up and forward are, and every sample in pelvis terms."""
