"""The welfare service: what members get, from which budget, and who acknowledged it."""

from chassis import member_register, union_tree
from chassis.core import Core
from chassis.service import Service
from chassis.tree import projected
from services.welfare import batches, grants, health_checks, programmes
from services.welfare.base import Base


class Welfare(Service):
    """Serves welfare's capabilities."""

    name = "welfare"
    capabilities = (union_tree, member_register, programmes, batches, grants, health_checks)
    core = Core(projected(), Base.metadata)
