"""Bytes from sensors to values. No I/O."""
