"""A service's projections are built anew from history while everybody goes on writing and reading."""

import pytest

from tests.fault.profile import PROFILE
from tests.fault.stand import Stand
from tests.support import report

pytestmark = [pytest.mark.fault, pytest.mark.timeout(PROFILE.patience)]

#: Rounds whose reports are read again, at most; the facts of all are held against the events.
_MOST_ROUNDS = 10


def test_a_rebuild_gives_the_same_facts_and_stops_nobody(stand: Stand) -> None:
    before = _generation(stand)
    with stand.disturbed("rebuild of reporting") as run, stand.reading_steadily() as answers:
        stand.unionctl("rebuild", "reporting")
    assert _generation(stand) > before
    stand.verify(stand.load.rounds[:: len(stand.load.rounds) // _MOST_ROUNDS + 1])
    assert run.answered_503 == run.answered_504 == 0
    assert answers
    assert set(answers) == {stand.undisturbed.figures[report.KPI]["numerator"]}


def _generation(stand: Stand) -> int:
    number: int = stand.books.one("reporting", "SELECT number FROM generation WHERE state = 'current'")
    return number
