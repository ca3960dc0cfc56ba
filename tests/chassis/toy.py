"""A service for tests that stands in for `events`: it does what a command's title or a union's name says."""

import os
import sys
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Uuid, insert, literal, null, select, text
from sqlalchemy.orm import Session

from chassis import dues, union_tree
from chassis.commands import handles
from chassis.core import Core
from chassis.dues import falls_due
from chassis.service import Service
from chassis.subscribers import reacts
from chassis.tree import UnionTree
from chassis.work import Reading, Work
from contracts.declare import Event
from contracts.envelope import Envelope
from contracts.events.activities import ActivityPublished, ActivityVoided, DraftActivity, GetActivity
from contracts.generate.json_schemas import data_schema
from contracts.generate.samples import sample
from contracts.membership.organisation import UnionFounded
from contracts.subscriptions import SUBSCRIPTIONS
from kernel.ids import new_id
from tests.chassis.toy_tables import CLOCK, cured, effect, metadata

#: The only union there is.
UNION = UUID("018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c55")
#: An activity whose view cannot be written as JSON.
UNSENDABLE = UUID(int=1)

# in this process nobody consumes voided activities
SUBSCRIPTIONS["reporting"] = tuple(event for event in SUBSCRIPTIONS["reporting"] if event is not ActivityVoided)


@handles(DraftActivity)
def draft(work: Work, request: Any) -> Any:
    """Do what the title says, and tell of it; what falls `due`, once that is committed."""
    activity = SimpleNamespace(id=UUID(new_id()), event_sequence=0, region_code="330110", org_id=UNION)
    if request["title"].startswith("due "):
        dues.schedule(work, CLOCK, activity.id, on=work.today)
    else:
        obey(work.session, request["title"])
    work.session.execute(insert(effect).values(of=activity.id, text=request["title"]))
    tell(work, ActivityVoided if request["title"] == "void" else ActivityPublished, activity)
    return {"id": activity.id, "title": request["title"]}


@handles(GetActivity)
def get(reading: Reading, request: Any) -> Any:
    """Tell which process answers."""
    sessions = 1 << 70 if request["activity_id"] == UNSENDABLE else 0
    return {"id": request["activity_id"], "title": str(os.getpid()), "sessions": sessions}


@reacts(UnionFounded)
def greet(work: Work, event: Envelope) -> None:
    """Do what the union's name says, and tell of it."""
    obey(work.session, event.data["name"])
    work.session.execute(insert(effect).values(of=UUID(event.id), text=event.data["name"]))
    if event.data["name"].startswith("tell"):
        activity = SimpleNamespace(id=UUID(event.id), event_sequence=0, region_code="330110", org_id=UNION)
        tell(work, ActivityPublished, activity)


@falls_due(CLOCK)
def fall_due(work: Work, activity_id: UUID) -> None:
    """Do what the title said, without its first word."""
    title = work.session.scalars(select(effect.c.text).where(effect.c.of == activity_id)).one()
    obey(work.session, title.removeprefix("due "))
    work.session.execute(insert(effect).values(of=activity_id, text=f"done: {title}"))


def obey(session: Session, order: str) -> None:
    """`fail …` fails until it is cured; `… wait <number>` waits for the lock of that number."""
    if order.startswith("fail") and session.scalar(select(cured.c.text).where(cured.c.text == order)) is None:
        raise LookupError(order)
    _, waits, number = order.partition("wait ")
    if waits:
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:number)"), {"number": int(number)})


def tell(work: Work, event: type[Event], activity: SimpleNamespace) -> None:
    """Publish an event with data that passes its schema."""
    data = sample(*data_schema(event.event_type)) | {event.event_type.subject: str(activity.id)}
    work.publish_data(event, activity, data)


class Toy(Service):
    """The handlers above, and the tree of unions as every service keeps it."""

    name = "events"
    capabilities: ClassVar = (sys.modules[__name__], union_tree)
    core = Core(
        UnionTree(
            select(
                literal(UNION, Uuid).label("union_id"),
                null().cast(Uuid).label("superior_id"),
                literal("approved").label("state"),
                literal("330110").label("region_code"),
            )
        ),
        metadata,
    )
