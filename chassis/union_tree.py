"""The ready projection of membership's `union_*` events, from which a service answers scope questions."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert

from chassis.subscribers import projects
from chassis.tables import union_tree
from chassis.work import Work
from contracts.envelope import Envelope
from contracts.subscriptions import UNION_EVENTS

#: What the tree keeps of an event's data, under the same names.
_TOLD = ("superior_id", "org_kind", "name", "region_code", "state")


@projects(*UNION_EVENTS)
def keep_union_tree(work: Work, events: Sequence[Envelope]) -> None:
    """Keep the newest state of each union; an older event that comes later changes nothing."""
    newest = {event.subject: event for event in sorted(events, key=lambda event: event.sequence)}
    rows = [
        {
            "generation": work.generation,
            "union_id": event.subject,
            "sequence": event.sequence,
            **{name: event.data[name] for name in _TOLD},
        }
        for event in newest.values()
    ]
    statement = insert(union_tree)
    fresh = {name: statement.excluded[name] for name in ("sequence", *_TOLD)}
    work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["generation", "union_id"],
            set_=fresh,
            where=union_tree.c.sequence < statement.excluded.sequence,
        ),
        sorted(rows, key=lambda row: str(row["union_id"])),
    )
