"""Made runners and drills with exact truth, from physics and published curves."""
