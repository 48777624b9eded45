"""Values to bytes for the world, and back. No I/O."""
