"""The ports, the chain of one sensor, and the hub that runs it."""
