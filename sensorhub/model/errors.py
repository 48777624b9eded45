"""Errors for people: one line that says what, where and what to do; the class decides the exit code."""

from typing import ClassVar


class SensorhubError(Exception):
    """The work failed. `str(error)` is the one line a person reads."""

    exit_code: ClassVar[int] = 1


class UsageError(SensorhubError):
    """A command or a configuration that cannot be meant."""

    exit_code: ClassVar[int] = 2


class InputError(SensorhubError):
    """An input that cannot be read: a file, a recording, a profile."""

    exit_code: ClassVar[int] = 3
