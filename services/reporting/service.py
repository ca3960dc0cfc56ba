"""The reporting service: figures, the sentences they make true, and the facts behind them."""

from chassis import union_tree
from chassis.core import Core
from chassis.service import Service
from chassis.tree import projected
from services.reporting import figures, reports
from services.reporting.base import Base


class Reporting(Service):
    """Serves the capabilities of reporting."""

    name = "reporting"
    capabilities = (union_tree, figures, reports)
    core = Core(projected(), Base.metadata)
