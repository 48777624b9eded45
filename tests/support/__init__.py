"""Helpers of the tests: cuts, fakes, servers."""
