"""From where on a value deserves a look, and action. Starting points, to be moved to what a club's own runners show.

Drop: healthy runners reach about 5 degrees in mid-stance, injured ones more, and each further degree raises the odds
of being among the injured by four fifths (Bramah et al. 2018, Am J Sports Med 46(12)). Asymmetry: about twice what
differs between two runs of the same healthy runner. The others follow from what the parts are built for.
"""

from typing import Final

from dashboards.source.panels import Levels

DROP: Final = Levels(6.0, 8.0, 0.0, 14.0)
ASYMMETRY: Final = Levels(2.0, 4.0, -8.0, 8.0)
ASYMMETRY_SIZE: Final = Levels(2.0, 4.0, 0.0, 8.0)
TRUST: Final = Levels(0.8, 0.5, 0.0, 1.0, falling=True)
QUALITY: Final = Levels(0.7, 0.4, 0.0, 1.0, falling=True)
LEVEL_SCORE: Final = Levels(70.0, 50.0, 0.0, 100.0, falling=True)
BATTERY: Final = Levels(30.0, 15.0, 0.0, 100.0, falling=True)
LOSS: Final = Levels(0.02, 0.1, 0.0, 0.3)
LATENCY: Final = Levels(0.15, 0.5, 0.0, 1.0)
OUTBOX: Final = Levels(1_000.0, 50_000.0, 0.0, 100_000.0)
SIGNAL: Final = Levels(-80.0, -90.0, -100.0, -30.0, falling=True)
