"""Who asks: the account, its person, its roles and the unions below which each role holds."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from contracts.roles import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held at a union and all below it; `root` is None where the role has no organisation."""

    role: Role
    root: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The account behind a request, as the gateway vouches for it."""

    id: UUID
    grants: tuple[Grant, ...]
    #: The person whom the account is linked to; None where it is linked to nobody.
    subject_key: str | None = field(default=None, kw_only=True)

    def holds(self, roles: Collection[Role]) -> bool:
        """Whether any of the roles is held anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def roots(self, roles: Collection[Role]) -> frozenset[UUID]:
        """The unions at which any of the roles is held."""
        return frozenset(grant.root for grant in self.grants if grant.role in roles and grant.root is not None)

    def to_wire(self) -> str:
        """One line of JSON for a message header or a job's row; it names a person only where there is one."""
        grants = [[grant.role.value, str(grant.root) if grant.root else None] for grant in self.grants]
        person = {} if self.subject_key is None else {"subject_key": self.subject_key}
        return orjson.dumps({"id": str(self.id), "grants": grants, **person}).decode()

    @classmethod
    def from_wire(cls, wire: str) -> "Actor":
        """Rebuild what `to_wire` wrote."""
        parsed: dict[str, Any] = orjson.loads(wire)
        grants = tuple(Grant(Role(role), UUID(root) if root else None) for role, root in parsed["grants"])
        return cls(UUID(parsed["id"]), grants, subject_key=parsed.get("subject_key"))


#: Timers, event handlers and the operator's command line.
SYSTEM = Actor(UUID(int=0), (Grant(Role.SYSTEM),))
