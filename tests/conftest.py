"""Fixtures for every test."""

pytest_plugins = ["tests.support.browser", "tests.support.influx2", "tests.support.servers"]
