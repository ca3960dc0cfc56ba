"""The people of the demo: two administrators who grant, and the officers who work."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.roles import Role
from demo.client import Client

#: The first two administrators; the operator's command line makes them.
ADMINISTRATORS = ("admin.a", "admin.b")
#: Accounts that the administrators make: user name, role, whether it belongs to the federation.
STAFF = (
    ("system.admin", Role.SYSTEM_ADMIN, False),
    ("zone.officer", Role.ZONE_OFFICER, True),
    ("zone.checker", Role.ZONE_OFFICER, True),
    ("analyst", Role.ANALYST, True),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Signed-in clients of the demo's officers."""

    officer: Client
    checker: Client
    analyst: Client


class Registry:
    """Makes accounts as two administrators do: one proposes, the other approves."""

    def __init__(self, url: str, passwords: Mapping[str, str]) -> None:
        self._url = url
        self._passwords = passwords
        self._maker, self._checker = (self.sign_in(name) for name in ADMINISTRATORS)

    def sign_in(self, username: str) -> Client:
        """A client for an account."""
        return Client(self._url, username, self._passwords[username])

    def employ(self, username: str, role: Role, union_id: str | None) -> Client:
        """Make an account with one role, and sign it in."""
        secret = {"username": username, "password": self._passwords[username]}
        account = self._maker.post("/v1/accounts", secret, f"account {username}")
        wanted = {"account_id": account["id"], "role": role.value, "union_id": union_id}
        grant = self._maker.post("/v1/grants", wanted, f"grant {username}")
        self._checker.post(f"/v1/grants/{grant['id']}/approve", {}, f"approve grant {username}")
        return self.sign_in(username)
