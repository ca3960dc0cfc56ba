"""The ready projection of membership's `member_*` events, from which a service learns who somebody is on a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.generations import current
from chassis.many_rows import insert_rows
from chassis.subscribers import projects
from chassis.tables import member_register
from chassis.tree import Bind
from chassis.work import Work
from contracts.envelope import Envelope
from contracts.membership.register import BELONGING, COUNTED
from contracts.subscriptions import MEMBER_EVENTS


@dataclass(frozen=True, slots=True)
class Member:
    """A person's membership as it stands on a day."""

    membership_id: UUID
    union_id: UUID
    employer_id: UUID | None
    state: str
    worker_category: str
    is_industrial_worker: bool
    effective_on: date
    joined_on: date

    @property
    def is_active(self) -> bool:
        """Whether the member counts, votes and takes part; a retained one does not (R-MEM-11, 12)."""
        return self.state in COUNTED


#: What the register keeps of an event's data, under the same names.
_TOLD = (
    "subject_key",
    "membership_id",
    "union_id",
    "employer_id",
    "state",
    "worker_category",
    "is_industrial_worker",
    "effective_on",
    "joined_on",
)
_row = member_register.c
_STANDING = tuple(_row[name] for name in Member.__dataclass_fields__)
_HAS_BEGUN = _row.effective_on <= bindparam("day")
#: The last state that had begun by the day, of the last membership that had: whoever joins again has a new one, with a
#: later id. If none had, any one, which says that the person is known at all.
_ON_DAY = (
    select(_row.subject_key, _HAS_BEGUN, *_STANDING)
    .where(
        _row.generation == current().scalar_subquery(),
        _row.subject_key == any_(bindparam("subject_keys", type_=ARRAY(Text))),
    )
    .ext(distinct_on(_row.subject_key))
    .order_by(
        *(_row.subject_key, _HAS_BEGUN.desc(), _row.membership_id.desc()),
        *(_row.effective_on.desc(), _row.sequence.desc(), _row.event_id.desc()),
    )
)


@projects(*MEMBER_EVENTS)
def keep_member_register(work: Work, events: Sequence[Envelope]) -> None:
    """Keep what each membership was after each of its events: a fact of the past may be told late."""
    rows = [
        {
            "generation": work.generation,
            "event_id": event.id,
            "sequence": event.sequence,
            **{name: event.data[name] for name in _TOLD},
        }
        for event in events
    ]
    insert_rows(work.session.connection(), member_register, rows, index_elements=["generation", "event_id"])


def members_on(bind: Bind, subject_keys: Collection[str], day: date) -> dict[str, Member | None]:
    """Who each of these people is on a day, by one statement.

    None for somebody who is no member yet on that day, or no longer; somebody whom this service has never heard of is
    left out.
    """
    rows = bind.execute(_ON_DAY, {"subject_keys": list(subject_keys), "day": day})
    told = {subject_key: (begun, Member(*standing)) for subject_key, begun, *standing in rows}
    return {
        subject_key: member if begun and member.state in BELONGING else None
        for subject_key, (begun, member) in told.items()
    }
