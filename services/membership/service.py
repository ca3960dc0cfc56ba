"""The membership service: who belongs to which union, and how unions stand to each other."""

from chassis.core import Core
from chassis.service import Service
from services.membership import (
    applications,
    consents,
    enterprises,
    imports,
    organisation,
    party,
    posts,
    register,
    settings,
    transfers,
)
from services.membership.base import Base
from services.membership.organisation.tree import tree
from services.membership.vault import Vault


class Membership(Service):
    """Serves membership's capabilities."""

    name = "membership"
    capabilities = (organisation, enterprises, posts, party, register, applications, transfers, consents, imports)
    core = Core(tree, Base.metadata, own=Vault.open)

    @staticmethod
    def check_settings() -> None:
        """Raise `InvalidSettings` if a setting of membership's own is wrong."""
        settings.load()
