"""Every dashboard as the text of its file."""

import json
from pathlib import Path
from typing import Final

from dashboards.source import coach, drills, hub_health, runner

DIRECTORY: Final = Path(__file__).resolve().parents[1]


def built() -> dict[str, str]:
    """File names and their text."""
    boards = {
        "runner.json": runner.dashboard(),
        "coach.json": coach.dashboard(),
        "drills.json": drills.dashboard(),
        "hub_health.json": hub_health.dashboard(),
    }
    return {name: json.dumps(board, indent=2, ensure_ascii=False) + "\n" for name, board in boards.items()}
