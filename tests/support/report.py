"""Reads the report of one round in a form that is the same for every round of the same plan."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from contracts.reporting.figures import ExplainFigure, GetFigure, ListKpis
from contracts.reporting.reports import CreateReport
from contracts.roles import Role
from kernel.ids import new_id
from tests.support.books import Books
from tests.support.client import Client
from tests.support.plans.steps import LAST_DAY
from tests.support.plans.unions import FEDERATION
from tests.support.rounds import Round

#: The KPI that is read all the time where a test wants to see it stand still.
KPI = "K01"
#: What a figure says of itself that is another's in each round: ids, and what follows from ids.
_OWN = frozenset({"org", "set_hash", "explain"})
#: What a fact says of itself that is the same in each round.
_SAME = ("event_type", "record_type", "state", "on", "amount_fen", "total", "counted", "in_denominator", "reason")

_ATTENDANCES = """
    SELECT activity_id::text, session_no, subject_key, worker_category, on_date
    FROM fact_attendance JOIN generation ON number = generation AND state = 'current' WHERE union_id = :union_id
"""


@dataclass(frozen=True)
class Report:
    """All figures, the facts that they were made from and the sentences that they make, with names in place of ids."""

    #: By the code of the KPI: the figure by itself, with its list, and the facts of that list.
    figures: dict[str, Any]
    explained: dict[str, Any]
    facts: dict[str, list[tuple[Any, ...]]]
    chapters: list[Any]
    #: Activity, session, person, category and day.
    attendances: list[tuple[Any, ...]]

    def differences(self, other: "Report") -> dict[str, Any]:
        """What two reports say differently: here, and in the other."""
        return _differences(asdict(self), asdict(other))


def figure(client: Client, of: Round, code: str = KPI) -> dict[str, Any]:
    """A figure of a round's federation, as the gateway gives it."""
    return client.read(GetFigure, Role.ANALYST, **_asked(of, code))


def read(client: Client, books: Books, of: Round) -> Report:
    """The report on a round, as the gateway gives it, and the attendances that reporting knows."""
    codes = [kpi["code"] for kpi in client.read(ListKpis, Role.ANALYST)["items"]]
    pages = {code: client.read(ExplainFigure, Role.ANALYST, **_asked(of, code), limit="200") for code in codes}
    assert not any(page["next"] for page in pages.values()), "a round has more facts than a page"
    names = _names(of)
    written = client.do(CreateReport, Role.ANALYST, new_id(), org=of.id_of(FEDERATION), title="The year")
    lines = books.rows("reporting", _ATTENDANCES, union_id=of.id_of("union"))
    return Report(
        {code: _common(figure(client, of, code)) for code in codes},
        {code: _common(page["figure"]) for code, page in pages.items()},
        {code: sorted((_fact(fact, names) for fact in page["facts"]), key=repr) for code, page in pages.items()},
        _common(written["chapters"]),
        sorted((names[activity], no, names.get(who, who), *rest) for activity, no, who, *rest in lines),
    )


def _asked(of: Round, code: str) -> dict[str, str]:
    return {"code": code, "org": of.id_of(FEDERATION), "as_of": LAST_DAY.isoformat()}


def _names(of: Round) -> dict[str, str]:
    """The names of a round's steps by the ids that they were told, and of its members by their keys."""
    names = {reply["id"]: name for name, reply in of.told.items() if "id" in reply}
    members = {name: reply for name, reply in of.told.items() if name.startswith("member ")}
    return names | {reply["subject_key"]: name for name, reply in members.items()}


def _fact(fact: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Any, ...]:
    who = fact["subject_key"]
    return names.get(fact["record_id"], ""), names.get(who, who and ""), *(fact[name] for name in _SAME)


def _common(value: Any) -> Any:
    """What is the same in each round."""
    if isinstance(value, dict):
        return {name: _common(inner) for name, inner in value.items() if name not in _OWN}
    return [_common(inner) for inner in value] if isinstance(value, list) else value


def _differences(mine: Any, theirs: Any) -> dict[str, Any]:
    """Where two values differ; of those with names, name by name."""
    if not (isinstance(mine, dict) and isinstance(theirs, dict)):
        return {} if mine == theirs else {"": (mine, theirs)}
    found = {}
    for name in mine.keys() | theirs.keys():
        for below, difference in _differences(mine.get(name), theirs.get(name)).items():
            found[f"{name} {below}".strip()] = difference
    return found
