"""Signal primitives that know nothing about people."""
