"""Checks deploy/: what can be read is linted, what can be started without containers is started and tried."""
