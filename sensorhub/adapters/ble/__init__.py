"""Bluetooth LE by bleak."""
