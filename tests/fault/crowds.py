"""Imports of so many people that whoever stores them can be killed between two batches."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from itertools import count

import psutil

from tests.fault import faults
from tests.fault.stand import Stand
from tests.support.plans.members import ended, file_of, row, sent
from tests.support.plans.people import people
from tests.support.plans.steps import Course
from tests.support.plans.unions import ROOT
from tests.support.rounds import Round
from unionctl.errors import PlatformError
from unionctl.processes import wait_until

#: People of one file: several batches in each of the two passes of an import.
CROWD = 2_000
#: Number of the first of them, beyond the people of all rounds.
_FIRST = 1_000_000
#: Seconds until a job gets on, also where each instance was just killed.
_PATIENCE = 60.0
_SERVICE = "membership"
#: How far an import is that has not ended, and the port at which PostgreSQL sees who does it, if anybody does.
_PROGRESS = """
    SELECT done, client_port FROM job LEFT JOIN pg_stat_activity ON application_name = job.holder
    WHERE job.id = :job_id AND job.state IN ('queued', 'running')
"""


def kill_importers(stand: Stand, times: int) -> int:
    """Import one crowd after the other, and kill whoever does it each time that it has got on; gives how often."""
    before, numbers = faults.kills(stand.platform, _SERVICE), count()
    while (done := faults.kills(stand.platform, _SERVICE) - before) < times:
        _import(stand, next(numbers), times - done)
    return done


def _import(stand: Stand, number: int, times: int) -> None:
    """Import one crowd, interrupted at most so many times."""
    client = stand.new_client()
    crowd = Round(number, [], lambda: False, {ROOT: {"id": stand.federation}})
    crowd.carry_out(client, Course("crowd", list(sent(_rows, "crowd", ROOT))), 0)
    for _ in zip(range(times), _deaths(stand, crowd.id_of("crowd")), strict=False):
        pass
    crowd.carry_out(client, Course("end of the crowd", [ended("crowd", rows=CROWD, joined=CROWD)]), 0)


def _rows(number: int) -> str:
    first = _FIRST + number * CROWD
    return file_of(row(person, first + person.number) for person in people(CROWD))


def _deaths(stand: Stand, job_id: str) -> Iterator[None]:
    """Kill whoever is at work on a job whenever it has got on, until the job has ended."""
    known = 0

    def has_got_on() -> bool:
        return not (found := _progress(stand, job_id)) or (found[0] != known and found[1] is not None)

    while True:
        wait_until(has_got_on, _PATIENCE, "The import does not get on.")
        if not (found := _progress(stand, job_id)):
            return
        known, port = found
        if _kill(stand, port):
            yield


def _progress(stand: Stand, job_id: str) -> tuple[int, int | None] | None:
    rows = stand.books.rows(_SERVICE, _PROGRESS, job_id=job_id)
    return (rows[0][0], rows[0][1]) if rows else None


def _kill(stand: Stand, port: int | None) -> bool:
    """Kill the process that has a connection from a port; tells whether there was one."""
    for process in stand.platform.matching(_SERVICE):
        with suppress(psutil.Error, PlatformError):  # one that was killed just now
            found = psutil.Process(stand.platform.processes.pid(process))
            if any(connection.laddr.port == port for connection in found.net_connections("tcp")):
                stand.platform.signal(process, signal.SIGKILL)
                return True
    return False
