"""The table that `make soak` prints."""

import pytest

_ROWS: list[tuple[str, str, str]] = []


@pytest.fixture
def soak_table():
    """Take a row: the goal's id, what was done, what came of it."""
    return lambda *row: _ROWS.append(row)


def pytest_terminal_summary(terminalreporter):
    """Print the rows that were taken."""
    if _ROWS:
        terminalreporter.write_line("\n| goal | done | result |\n|---|---|---|")
        for row in sorted(_ROWS):
            terminalreporter.write_line("| " + " | ".join(row) + " |")
