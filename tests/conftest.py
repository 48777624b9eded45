"""Fixtures for every test."""

pytest_plugins = ["tests.support.servers", "tests.support.influx2", "tests.support.browser"]
