"""InfluxDB 2 and 3 by influxdb-client, one synchronous request a batch: every answer becomes a word for the writer."""

import email.utils
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, Self

import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException

from sensorhub.config import InfluxSettings, authority_file, read_secret
from sensorhub.model.errors import SensorhubError, network_reason
from sensorhub.pipeline.lines import BadLine, BatchResult, Outcome
from sensorhub.pipeline.plaintext import checked_url

MANY_REFUSED: Final = 20
"""So many lines refused and none stored: the database is set up wrongly, the lines are not at fault."""

_STORED: Final = BatchResult(Outcome.STORED)
_REFUSES_A_LINE: Final = {400, 413, 422}
_WRONG_TOKEN: Final = {401, 403}
_BUSY: Final = {408, 425, 429}
_DROPPED: Final = re.compile(r"dropped=(\d+)")
_TOO_OLD: Final = re.compile(r"retention polic", re.IGNORECASE)
_REASON_CHARACTERS: Final = 300
_NETWORK_ERRORS: Final = (urllib3.exceptions.HTTPError, OSError, UnicodeDecodeError)


class InfluxSink:
    """A LineSink over InfluxDB's `/api/v2/write`. Use it from one thread; a thread may wait in it up to the timeout."""

    def __init__(self, settings: InfluxSettings) -> None:
        """Raise UsageError where the address, the token's file or its mode is not as it must be."""
        self._settings = settings
        self._url = checked_url(settings.url, "influx.url", allow_plaintext=settings.allow_plaintext)
        self._token = read_secret(settings.token_file) or ""
        self._client = InfluxDBClient(
            url=self._url,
            token=self._token,
            org=settings.org,
            timeout=round(settings.timeout_s * 1e3),
            ssl_ca_cert=authority_file(settings.ca_file, "influx.ca_file"),
        )
        self._write_api = self._client.write_api(write_options=SYNCHRONOUS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def write_batch(self, lines: Sequence[str]) -> BatchResult:
        """Write lines of line protocol; see BatchResult for what the answer promises."""
        if not lines:
            return _STORED
        return _Batch(self._send, lines).write()

    def probe(self) -> BatchResult:
        """Ask whether lines could be written now, without writing any: address, token, organisation and bucket."""
        result = self._send("\n")
        refused_only_for_being_empty = result.outcome is Outcome.STORED and result.bad
        return _STORED if refused_only_for_being_empty else result

    def clock_ahead_s(self) -> float | None:
        """How far the server's clock is ahead of ours, s, to about a second; None where it does not say."""
        try:
            _, _, headers = self._client.api_client.call_api("/ping", "GET", _return_http_data_only=False)
        except (ApiException, *_NETWORK_ERRORS):
            return None
        stated = email.utils.parsedate_to_datetime(headers["Date"]) if headers.get("Date") else None
        return None if stated is None else stated.timestamp() - time.time()

    def delete_runner(self, runner: str) -> None:
        """Delete every point of a runner. Raises SensorhubError where that is not known to have happened."""
        escaped = runner.replace("\\", "\\\\").replace('"', '\\"')
        try:
            self._client.delete_api().delete(
                "1970-01-01T00:00:00Z",
                "2262-04-11T00:00:00Z",
                f'runner="{escaped}"',
                bucket=self._settings.bucket,
                org=self._settings.org,
            )
        except ApiException as error:
            answer = self._sorted(error).message
            raise SensorhubError(
                f"InfluxDB at {self._url} did not delete the runner's points: {answer} "
                "(InfluxDB 3 Core cannot delete by tag: drop the runner's database there, then --resume without "
                "influx.token_file.)"
            ) from None
        except _NETWORK_ERRORS as error:
            raise SensorhubError(self._unreachable(error)) from None

    def _send(self, body: str) -> BatchResult:
        """One request. STORED with one BadLine of index -1 means: something in it was refused."""
        try:
            self._write_api.write(self._settings.bucket, self._settings.org, body, WritePrecision.NS)
        except ApiException as error:
            return self._sorted(error)
        except _NETWORK_ERRORS as error:
            return BatchResult(Outcome.TRY_LATER, message=self._unreachable(error))
        return _STORED

    def _sorted(self, error: ApiException) -> BatchResult:
        status = error.status
        said = self._redacted(_reason(error))
        if status in _REFUSES_A_LINE:
            return BatchResult(Outcome.STORED, bad=(BadLine(-1, "", said),))
        if status in _BUSY or 500 <= status < 600:
            wait_s = _retry_after_s(error)
            message = f"InfluxDB at {self._url} is busy or down ({status}: {said})."
            return BatchResult(Outcome.TRY_LATER, message=message, retry_after_s=wait_s)
        return BatchResult(Outcome.MISCONFIGURED, message=self._what_to_do(status, said))

    def _what_to_do(self, status: int, said: str) -> str:
        bucket = f"bucket {self._settings.bucket!r} of organisation {self._settings.org!r}"
        if status in _WRONG_TOKEN:
            return (
                f"InfluxDB at {self._url} refuses the token ({status}: {said}). "
                f"Put one that may write to {bucket} into influx.token_file."
            )
        if status == 404:
            return (
                f"InfluxDB at {self._url} has no {bucket} (404: {said}). Make it, or mend influx.bucket or influx.org."
            )
        if status == 0:
            return f"InfluxDB at {self._url} has a certificate that is not trusted ({said}). Set influx.ca_file."
        return f"What answers at {self._url} is no InfluxDB ({status}: {said}). Mend influx.url."

    def _unreachable(self, error: Exception) -> str:
        return f"InfluxDB at {self._url} cannot be reached: {network_reason(error)}. Does it run there?"

    def _redacted(self, text: str) -> str:
        return text.replace(self._token, "***") if self._token else text


class _Batch:
    """One batch on its way: halved where the database refuses part of it, until each bad line is alone."""

    def __init__(self, send: Callable[[str], BatchResult], lines: Sequence[str]) -> None:
        self._send = send
        self._lines = lines
        self._bad: list[BadLine] = []
        self._some_stored = False

    def write(self) -> BatchResult:
        stopped = self._write(0, len(self._lines))
        return stopped or replace(_STORED, bad=tuple(self._bad))

    def _write(self, start: int, stop: int) -> BatchResult | None:
        """Write these lines; None when each is stored or known to be bad, else the answer that ends the batch."""
        result = self._send("\n".join(self._lines[start:stop]))
        if not result.bad:
            self._some_stored |= result.outcome is Outcome.STORED
            return None if result.outcome is Outcome.STORED else result
        reason = result.bad[0].reason
        if stop - start == 1 or _all_too_old(reason, self._lines[start:stop]):
            self._bad += [BadLine(index, self._lines[index], reason) for index in range(start, stop)]
            return self._nothing_but_refusals(reason)
        middle = (start + stop) // 2
        return self._write(start, middle) or self._write(middle, stop)

    def _nothing_but_refusals(self, reason: str) -> BatchResult | None:
        if self._some_stored or len(self._bad) < MANY_REFUSED or _TOO_OLD.search(reason):
            return None
        message = f"InfluxDB refuses every line ({reason}). Look at the bucket's schema: a field may have another type."
        return BatchResult(Outcome.MISCONFIGURED, message=message)


def _all_too_old(reason: str, lines: Sequence[str]) -> bool:
    """Whether the database dropped all of these lines for being older than it keeps."""
    dropped = _DROPPED.search(reason)
    points = sum(1 + line.count("\n") for line in lines)
    return bool(_TOO_OLD.search(reason) and dropped and int(dropped[1]) == points)


def _reason(error: ApiException) -> str:
    body: Any = error.body or error.reason or ""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    found = re.search(r'"(?:message|error)"\s*:\s*"((?:[^"\\]|\\.)*)"', text)
    return " ".join((found[1] if found else text).split())[:_REASON_CHARACTERS]


def _retry_after_s(error: ApiException) -> float | None:
    stated = (error.headers or {}).get("Retry-After")
    if stated is None:
        return None
    try:
        return max(0.0, float(stated))
    except ValueError:
        return None
