"""The live page: strides as they come, drills as they count, and what was kept. Knows no MQTT and no SQLite."""
