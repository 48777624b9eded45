"""What the signals mean: from motion to strides, pelvic drop and drills."""
