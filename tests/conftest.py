"""Fixtures for every test."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.servers", "tests.support.influx2", "tests.support.browser"]

# How long an example takes says how busy the machine is.
settings.register_profile("sensorhub", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sensorhub")
