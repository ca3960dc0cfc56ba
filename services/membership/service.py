"""The membership service: who belongs to which union, and how unions stand to each other."""

from chassis.core import Core
from chassis.service import Service
from services.membership import organisation
from services.membership.base import Base
from services.membership.organisation.tree import tree


class Membership(Service):
    """Serves membership's capabilities."""

    name = "membership"
    capabilities = (organisation,)
    core = Core(tree, Base.metadata)
