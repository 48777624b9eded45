"""The level score: how still the pelvis was kept, from 0 to 100."""

from collections.abc import Sequence

STEADY_DEG = 1.0
SLACK_DEG = 15.0


def level_score(excursions_deg: Sequence[float]) -> float | None:
    """100 where the pelvis stayed level within 1 degree, 0 where it swung by 15 degrees or more, straight between.

    excursions_deg: peak to trough of obliquity of each repetition. Their mean decides. 1 degree is what a person
    sways in quiet standing on one leg; 15 degrees is the upper end of what a band-walk step swings. No mean, no score.

    >>> level_score([1.0, 1.0]), level_score([8.0]), level_score([20.0]), level_score([])
    (100.0, 50.0, 0.0, None)
    """
    if not excursions_deg:
        return None
    mean_deg = sum(excursions_deg) / len(excursions_deg)
    share = (SLACK_DEG - mean_deg) / (SLACK_DEG - STEADY_DEG)
    return 100.0 * min(max(share, 0.0), 1.0)
