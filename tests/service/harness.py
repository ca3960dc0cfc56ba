"""What the service tests share: a service without its broker, and a federation that every service knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from chassis import clock, tree
from chassis.absorb import Absorber
from chassis.actor import Actor, Grant
from chassis.commands import HANDLERS, Call, Runner
from chassis.database import Database
from chassis.migrate import upgrade
from chassis.subscribers import PROJECTIONS, REACTIONS
from chassis.tables import outbox
from chassis.timer import Timer
from chassis.tree import UnionTree
from contracts.declare import Event, Request
from contracts.envelope import Envelope
from contracts.events import activities
from contracts.membership import organisation
from contracts.roles import Role


class Service:
    """One service's commands, queries and projections on its database, without broker or process."""

    def __init__(self, name: str, url: str, own: Any = None) -> None:
        """`own` is what only this service has, as its process would open it."""
        upgrade(name, url)
        self.database = Database(url)
        self.tree = _tree(name)
        self.own = own
        self.commits = 0
        self._told = 0
        self._runner = Runner(self.database, self.tree, self._committed, bytes(16), own)
        places = _capabilities(name)
        projections = [one for one in PROJECTIONS if one.function.__module__.startswith(places)]
        reactions = [one for one in REACTIONS if one.function.__module__.startswith(places)]
        self.absorber = Absorber(self.database, self.tree, projections, reactions, own)

    def do(
        self,
        request: type[Request],
        actor: Actor,
        key: str | None = None,
        expected_version: int | None = None,
        **fields: Any,
    ) -> Any:
        """Run a command or query as the gateway would have it run; fields may be ids and dates."""
        payload = {name: str(value) if isinstance(value, UUID | date) else value for name, value in fields.items()}
        return self._runner.run(
            HANDLERS[request.operation.wire_name], payload, Call(actor, key or str(uuid4()), expected_version)
        )

    def events_of(self, subject: str | UUID, event: type[Event] | None = None) -> list[Envelope]:
        """The events recorded for an aggregate, in order."""
        statement = select(outbox.c.body).where(outbox.c.aggregate_id == UUID(str(subject)))
        with self.database.reader.connect() as connection:
            bodies = connection.scalars(statement.order_by(outbox.c.sequence)).all()
        found = [Envelope.parse(body) for body in bodies]
        return [one for one in found if event is None or one.type == event.event_type.type]

    def tell(self, *consumers: "Service") -> None:
        """Carry what was recorded since the last time to other services."""
        events = self.everything(self._told)
        self._told += len(events)
        for consumer in consumers:
            consumer.absorber.live(events)

    def everything(self, after: int = 0) -> list[Envelope]:
        """The events recorded here, in order, without the first `after` of them."""
        with self.database.reader.connect() as connection:
            bodies = connection.scalars(select(outbox.c.body).order_by(outbox.c.position).offset(after)).all()
        return [Envelope.parse(body) for body in bodies]

    def set_business_day(self, day: date | None) -> None:
        with self.database.writer.begin() as connection:
            clock.move(connection, day)

    def do_what_is_due(self) -> int:
        """Let the clocks of the law strike for the business day; gives how many did."""
        return Timer(self.database, self.tree, self.own, self._committed).run_due()

    def _committed(self) -> None:
        self.commits += 1


def _capabilities(name: str) -> tuple[str, ...]:
    """Register what all capabilities of a service do; gives the names of their modules."""
    table_of_contents = getattr(import_module(f"services.{name}.service"), name.capitalize())
    return tuple(capability.__name__ for capability in table_of_contents.capabilities)


def _tree(name: str) -> UnionTree:
    if name == "membership":
        return import_module("services.membership.organisation.tree").tree
    return tree.projected()


def an_actor(role: Role, root: str | UUID | None = None) -> Actor:
    """Another account each time, with one role."""
    return Actor(uuid4(), (Grant(role, UUID(str(root)) if root else None),))


ADMIN = an_actor(Role.SYSTEM_ADMIN)
#: A day that has come, whatever the business clock says.
LONG_AGO = date(2022, 6, 1)


@dataclass(frozen=True, slots=True)
class Union:
    id: str
    officer: Actor
    chair: Actor


class Universe:
    """A federation with the unions `home` and `other` below it, and those who act for them."""

    def __init__(self, membership: Service, events: Service, reporting: Service, welfare: Service) -> None:
        self.membership, self.events, self.reporting, self.welfare = membership, events, reporting, welfare
        federation = membership.do(organisation.RegisterFederation, ADMIN, **federation_fields())
        self.federation: str = federation["id"]
        self.zone_officer = an_actor(Role.ZONE_OFFICER, self.federation)
        self.analyst = an_actor(Role.ANALYST, self.federation)
        self.home, self.other = self.approved_union(), self.approved_union()
        self.tell()

    def tell(self) -> None:
        """Carry every event to those who listen."""
        self.membership.tell(self.events, self.reporting, self.welfare)
        self.events.tell(self.reporting)
        self.welfare.tell(self.reporting)

    def founded(self, superior: str | None = None, **changes: Any) -> dict[str, Any]:
        fields = union_fields(superior or self.federation) | changes
        return self.membership.do(organisation.FoundUnion, self.zone_officer, **fields)

    def approved_union(self, superior: str | None = None) -> Union:
        founded = self.founded(superior)
        self.membership.do(
            organisation.ApproveUnion, self.zone_officer, union_id=founded["id"], approved_on=founded["founded_on"]
        )
        return Union(founded["id"], an_actor(Role.OFFICER, founded["id"]), an_actor(Role.CHAIR, founded["id"]))

    def activity(self, state: activities.ActivityState, union: Union | None = None, **changes: Any) -> dict[str, Any]:
        """An activity of a union that has come as far as a state on the usual way."""
        union = union or self.home
        view = self.events.do(activities.DraftActivity, union.officer, **activity_fields(union.id, **changes))
        for reached, (request, fields) in _WAY.items():
            if view["state"] == state:
                break
            if reached == "closed":
                self.attend(view, 1)
            actor = {"approved": union.chair, "voided": self.zone_officer}.get(reached, union.officer)
            self.events.do(request, actor, activity_id=view["id"], **fields)
            view = self.view(view)
        return view

    def view(self, activity: dict[str, Any]) -> dict[str, Any]:
        return self.events.do(activities.GetActivity, self.analyst, activity_id=activity["id"])

    def attend(self, activity: dict[str, Any], people: int, session_no: int = 1) -> dict[str, Any]:
        lines = [attendance_line(session_no=session_no) for _ in range(people)]
        return self.record(activity, lines)

    def record(self, activity: dict[str, Any], lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return self.events.do(
            activities.RecordAttendance, self.zone_officer, activity_id=activity["id"], attendances=lines
        )


def federation_fields(**changes: Any) -> dict[str, Any]:
    name = f"Riverside federation {uuid4()}"
    fixed = {"short_name": "Riverside", "region_code": "330110", "founded_on": LONG_AGO, "approved_on": LONG_AGO}
    return {"name": name, **fixed, **changes}


def union_fields(superior: str | UUID, **changes: Any) -> dict[str, Any]:
    fixed = {"short_name": "Mill", "region_code": "330110", "org_kind": "joint", "founding_mode": "regional"}
    return {"name": f"Mill union {uuid4()}", "superior_id": superior, "founded_on": LONG_AGO, **fixed, **changes}


def activity_fields(union: str | UUID, **changes: Any) -> dict[str, Any]:
    start, end = "2023-03-01T19:00:00+08:00", "2023-03-01T21:00:00+08:00"
    fixed = {"kind": "study", "title": "Reading evening", "starts_at": start, "ends_at": end}
    return {"organizer_union_id": union, **fixed, **changes}


def attendance_line(**changes: Any) -> dict[str, Any]:
    return {"subject_key": uuid4().hex * 2, "session_no": 1, "worker_category": "10", **changes}


def tomorrow() -> date:
    return clock.business_moment(None).date() + timedelta(days=1)


#: The usual way: the command that reaches each state, and what it asks for.
_WAY: dict[str, tuple[type[Request], dict[str, Any]]] = {
    "submitted": (activities.SubmitActivity, {}),
    "approved": (activities.ApproveActivity, {}),
    "open": (activities.PublishActivity, {}),
    "held": (activities.HoldActivity, {"held_on": "2023-03-01", "sessions": 2}),
    "closed": (activities.CloseActivity, {"evidence_ref": "list-1"}),
    "voided": (activities.VoidActivity, {"reason_code": "recorded_twice"}),
}
