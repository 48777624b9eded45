"""Run the `sensorhub` command inside the test's process, with what it printed and its exit code."""

import io
import sys
from dataclasses import dataclass
from unittest.mock import patch

from sensorhub.cli.main import main


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: bytes
    err: str


def sensorhub(*arguments: object) -> Ended:
    """Run `sensorhub ARGUMENTS...` as a shell would."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    argv = ["sensorhub", *map(str, arguments)]
    code: object = 0
    with patch.object(sys, "argv", argv), patch.object(sys, "stdout", out), patch.object(sys, "stderr", err):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    out.flush()
    return Ended(code if isinstance(code, int) else int(code is not None), out.buffer.getvalue(), err.getvalue())
