"""Reads the report of one round in a form that is the same for every round of the same plan."""

from dataclasses import asdict, dataclass
from typing import Any

from contracts.reporting.figures import ExplainFigure, GetFigure
from contracts.roles import Role
from tests.support.books import Books
from tests.support.client import Client
from tests.support.load import Round
from tests.support.plan import LAST_DAY

#: The KPI that counts the plan's activities.
KPI = "K01"

_ATTENDANCES = """
    SELECT activity_id::text, session_no, subject_key, worker_category, on_date
    FROM fact_attendance JOIN generation ON number = generation AND state = 'current' WHERE union_id = :union_id
"""


@dataclass(frozen=True)
class Report:
    """A figure, its sentence and what it was made from, told by titles instead of ids."""

    numerator: int
    sentence: Any
    #: Title, day, state, whether it is counted, and why not.
    activities: list[tuple[Any, ...]]
    #: Title, session, person, category and day.
    attendances: list[tuple[Any, ...]]

    def differences(self, other: "Report") -> dict[str, tuple[Any, Any]]:
        """What two reports say differently: here, and in the other."""
        mine, theirs = asdict(self), asdict(other)
        return {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}


def figure(client: Client, of: Round) -> dict[str, Any]:
    """The figure of a round's union, as the gateway gives it."""
    return client.read(GetFigure, Role.ANALYST, **_asked(of))


def read(client: Client, books: Books, of: Round) -> Report:
    """The report on a round's union, as the gateway gives it, and the attendances that reporting knows."""
    titles = {activity_id: title for title, activity_id in of.activities.items()}
    page = client.read(ExplainFigure, Role.ANALYST, **_asked(of), limit="200")
    shown = ("on", "state", "counted", "reason")
    facts = [(titles[fact["record_id"]], *(fact[name] for name in shown)) for fact in page["facts"]]
    lines = books.rows("reporting", _ATTENDANCES, union_id=of.union_id)
    attendances = [(titles[activity_id], *line) for activity_id, *line in lines]
    explained = page["figure"]
    return Report(explained["numerator"], explained["sentence"], sorted(facts), sorted(attendances))


def _asked(of: Round) -> dict[str, str]:
    return {"code": KPI, "org": of.union_id, "as_of": LAST_DAY.isoformat()}
