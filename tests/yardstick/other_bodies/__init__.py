"""A second opinion: bodies that do drills and other things, made apart from sensorhub/synthetic.

It shares neither waveforms nor mechanics with the house's own simulator, so that rules which fit that one alone fail
here. Written from how a therapist describes the drills, from anthropometry and from what is known of gait.
"""
