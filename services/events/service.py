"""The events service: the activities that people attend."""

from chassis import member_register, union_tree
from chassis.core import Core
from chassis.service import Service
from chassis.tree import projected
from services.events import activities, contest_tiers, registrations
from services.events.base import Base


class Events(Service):
    """Serves the capabilities of events."""

    name = "events"
    capabilities = (union_tree, member_register, activities, contest_tiers, registrations)
    core = Core(projected(), Base.metadata)
