"""sensorhub: pelvic drop on every stride and counted hip drills, from one clip-on pelvis sensor."""

__version__ = "0.1.0"
