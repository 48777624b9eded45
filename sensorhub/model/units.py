"""Physical constants and unit conversions. Inside: SI and radians; degrees where people read."""

import math

GRAVITY_MPS2 = 9.80665
RAD_PER_DEG = math.pi / 180.0
DEG_PER_RAD = 180.0 / math.pi
