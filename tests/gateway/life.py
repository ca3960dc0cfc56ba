"""What membership tells the gateway of unions, members and posts, without a broker in between."""

import random
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from chassis.absorb import Absorber
from chassis.member_register import keep_member_register
from chassis.subscribers import PROJECTIONS, REACTIONS
from chassis.tree import projected
from chassis.union_tree import keep_union_tree
from contracts.declare import Event
from contracts.envelope import Envelope, build
from contracts.membership.organisation import UnionApproved
from contracts.membership.posts import OfficePostEnded, OfficePostStarted
from contracts.membership.register import MemberJoined, MemberRetained
from gateway.union_life.subscriptions import keep_posts, take_back_membership, take_back_role
from kernel.ids import new_id
from tests.gateway.harness import World

#: The day since when whatever is told holds.
SINCE = "2023-03-01"
_OURS = {keep_union_tree, keep_member_register, keep_posts, take_back_role, take_back_membership}


def somebody() -> str:
    """The subject key of a person who was not there before."""
    return f"{random.getrandbits(256):064x}"


class Life:
    """Tells the gateway of a federation, its unions, and who belongs and serves there."""

    def __init__(self, world: World) -> None:
        self.world = world
        projections = [one for one in PROJECTIONS if one.function in _OURS]
        reactions = [one for one in REACTIONS if one.function in _OURS]
        self.absorber = Absorber(world.database, projected(), projections, reactions)

    def union(self, superior_id: UUID | None, union_id: UUID | None = None, org_kind: str = "basic") -> UUID:
        """A union below another."""
        union_id = union_id or uuid4()
        state = {
            "union_id": str(union_id),
            "superior_id": superior_id and str(superior_id),
            "org_kind": org_kind,
            "name": f"Mill {union_id}",
            "region_code": "330110",
            "state": "approved",
        }
        self.tell(envelope(UnionApproved, state))
        return union_id

    def federation(self, superior_id: UUID | None = None) -> UUID:
        """A federation, the root of its tree or below another."""
        return self.union(superior_id, org_kind="federation")

    def basic_union(self) -> UUID:
        """A union below a federation."""
        return self.union(self.federation())

    def member(self, union_id: UUID, subject_key: str, **changes: Any) -> dict[str, Any]:
        """A member who joined; gives what the event says."""
        state = {
            "membership_id": new_id(),
            "subject_key": subject_key,
            "union_id": str(union_id),
            "employer_id": None,
            "state": "active",
            "worker_category": "13",
            "is_industrial_worker": True,
            "joined_on": SINCE,
            "effective_on": SINCE,
            **changes,
        }
        self.tell(envelope(MemberJoined, state))
        return state

    def retain(self, membership: dict[str, Any]) -> None:
        """The membership is retained."""
        self.tell(envelope(MemberRetained, {**membership, "state": "retained"}, 2))

    def leave(self, event: type[Event], membership: dict[str, Any], state: str) -> None:
        """The membership is over, and every gateway process has looked."""
        ending = {"change_type": None, "reason": None}
        self.tell(envelope(event, {**membership, "state": state, **ending}, 2))
        self.world.revocations.look()

    def post(self, union_id: UUID, subject_key: str, post: str = "chair", body: str = "committee") -> dict[str, Any]:
        """A post that started; gives what the event says."""
        state = planned(union_id, subject_key, post, body)
        self.tell(started(state))
        return state

    def end(self, post: dict[str, Any]) -> None:
        """The post ended, and every gateway process has looked."""
        self.tell(ended(post))
        self.world.revocations.look()

    def tell(self, *events: Envelope) -> None:
        """One batch of events, as the queue hands it over."""
        self.absorber.live(events)


def planned(union_id: UUID, subject_key: str, post: str, body: str = "committee") -> dict[str, Any]:
    """What the event says of a post that starts."""
    return {
        "post_id": new_id(),
        "subject_key": subject_key,
        "union_id": str(union_id),
        "body": body,
        "post": post,
        "state": "held",
        "started_on": SINCE,
    }


def started(post: dict[str, Any]) -> Envelope:
    return envelope(OfficePostStarted, post)


def ended(post: dict[str, Any]) -> Envelope:
    return envelope(OfficePostEnded, {**post, "state": "ended"}, 2)


def envelope(event: type[Event], data: dict[str, Any], sequence: int = 1) -> Envelope:
    now = datetime.now(UTC)
    whole = {"event_id": new_id(), "sequence": sequence, "time": now, "recorded_time": now}
    return Envelope.parse(build(event.event_type, data, **whole, org_id=data["union_id"], region_code="330110"))
