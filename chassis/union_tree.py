"""The ready projection of membership's `union_*` events, from which a service answers scope questions."""

from collections.abc import Sequence

from chassis.newest import keep_newest
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
    keep_newest(work, union_tree, "union_id", _TOLD, events)
