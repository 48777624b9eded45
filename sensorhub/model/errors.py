"""Errors for people: one line that says what, where and what to do; the class decides the exit code."""

from pathlib import Path
from typing import ClassVar, Self


def network_reason(error: BaseException) -> str:
    """Why a connection failed, in the system's own words, without the wrappings of the libraries in between.

    >>> network_reason(ConnectionRefusedError(111, "Connection refused"))
    'Connection refused'
    """
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror
        inner = inner.__cause__ or inner.__context__
    return " ".join(str(error).split())[:300] or type(error).__name__


class SensorhubError(Exception):
    """The work failed. `str(error)` is the one line a person reads."""

    exit_code: ClassVar[int] = 1


class UsageError(SensorhubError):
    """A command or a configuration that cannot be meant."""

    exit_code: ClassVar[int] = 2


class InputError(SensorhubError):
    """An input that cannot be read: a file, a recording, a profile."""

    exit_code: ClassVar[int] = 3

    @classmethod
    def unreadable(cls, path: Path, error: Exception) -> Self:
        """Say why a file cannot be opened or read.

        >>> str(InputError.unreadable(Path("run.csv"), FileNotFoundError()))
        'run.csv: no such file. Check the name.'
        """
        match error:
            case FileNotFoundError():
                return cls(f"{path}: no such file. Check the name.")
            case IsADirectoryError():
                return cls(f"{path}: is a folder. Name a file in it.")
            case PermissionError():
                return cls(f"{path}: may not be read. Give yourself read permission on it.")
            case OSError(strerror=str(reason)):
                return cls(f"{path}: cannot be read ({reason}).")
            case _:
                return cls(f"{path}: is not readable ({error}). Is it another kind of file?")
