"""The vocabulary: what every other part of sensorhub talks about. Standard library and numpy types only."""
