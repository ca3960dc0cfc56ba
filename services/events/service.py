"""The events service: the activities that people attend."""

from chassis import union_tree
from chassis.core import Core
from chassis.service import Service
from chassis.tree import projected
from services.events import activities
from services.events.base import Base


class Events(Service):
    """Serves the capabilities of events."""

    name = "events"
    capabilities = (union_tree, activities)
    core = Core(projected(), Base.metadata)
