"""Loads an HTTP server with wrk and reads the exact figures that its Lua script prints."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from benchmarks.results import Sample

#: One thread and 32 connections: enough to keep both sides busy on two cores, few enough to leave them the cores.
CLIENTS = ("-t1", "-c32")

#: Seconds of load before a measurement: connection pools fill and caches warm.
WARMING = 2

#: Seconds a measurement lasts.
SECONDS = 5

_SCRIPT = Path(__file__).with_name("wrk.lua")


class WrkMissing(Exception):
    """wrk is not installed: `apt-get install wrk` on a Debian-like system brings it."""

    def __str__(self) -> str:
        return str(self.__doc__)


class RequestsFailed(Exception):
    """Some requests failed, so the rate of the others says nothing."""


def load(
    url: str,
    *,
    seconds: int = SECONDS,
    body: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Sample:
    """Send GET requests to `url`, or POST `body` as JSON with a fresh `Idempotency-Key` each, for `seconds` seconds.

    Raises `WrkMissing`, and `RequestsFailed` when any answer is not 2xx or 3xx or any connection breaks.
    """
    program = shutil.which("wrk")
    if program is None:
        raise WrkMissing
    command = [program, *CLIENTS, f"-d{seconds}s", "-s", str(_SCRIPT)]
    command += [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command.append(url)
    if body is not None:
        command += ["--", json.dumps(body), uuid4().hex]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return read(output.splitlines()[-1], url)


def warm_and_load(
    url: str, *, body: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
) -> Sample:
    """Load `url` for `WARMING` seconds unmeasured, then for `SECONDS` seconds; arguments and errors as in `load`."""
    load(url, seconds=WARMING, body=body, headers=headers)
    return load(url, seconds=SECONDS, body=body, headers=headers)


def read(line: str, url: str) -> Sample:
    """The figures of one run from the line that the script printed; raises `RequestsFailed`."""
    figures = json.loads(line)
    if figures["refused"] or figures["broken"] or not figures["requests"]:
        raise RequestsFailed(f"{url}: {line}")
    return Sample(rate=figures["requests"] / figures["seconds"], p50_ms=figures["p50_ms"], p99_ms=figures["p99_ms"])
