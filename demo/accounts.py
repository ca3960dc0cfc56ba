"""The accounts of the demo: two administrators who grant, officers by hand, and officials by the posts they hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.membership.posts import Body, Post
from contracts.roles import Role
from demo.client import Client
from demo.year.generator import Year

#: The first two administrators; the operator's command line makes them.
ADMINISTRATORS = ("admin.a", "admin.b")
#: The account that moves the clock and registers federations.
SYSTEM_ADMIN = "system.admin"
#: Accounts that are granted a role by hand, at the federation and so in all unions below it.
STAFF: Mapping[str, Role] = {
    "zone.officer": Role.ZONE_OFFICER,
    "zone.checker": Role.ZONE_OFFICER,
    "zone.leader": Role.ZONE_LEADER,
    "importer": Role.IMPORTER,
    "party.clerk": Role.PARTY_ORG,
    "analyst": Role.ANALYST,
    "publisher": Role.PUBLISHER,
    "union.chair": Role.CHAIR,
    "union.officer": Role.OFFICER,
}
#: Accounts of people who hold posts in the federation, from which their roles follow.
OFFICIALS: Mapping[str, tuple[Body, Post]] = {
    "union.finance": (Body.COMMITTEE, Post.FINANCE),
    "union.audit": (Body.AUDIT, Post.MEMBER),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Signed-in clients of the federation's officers, in the order of `STAFF`."""

    officer: Client
    checker: Client
    leader: Client
    importer: Client
    party_clerk: Client
    analyst: Client
    publisher: Client
    chair: Client
    union_officer: Client


@dataclass(frozen=True, slots=True)
class Officials:
    """Signed-in clients of those who hold the federation's posts, in the order of `OFFICIALS`."""

    finance: Client
    audit: Client


class Registry:
    """Makes accounts as two administrators do: one proposes, the other approves."""

    def __init__(self, url: str, passwords: Mapping[str, str]) -> None:
        self._url = url
        self._passwords = passwords
        self._maker, self._checker = (self.sign_in(name) for name in ADMINISTRATORS)

    def sign_in(self, username: str) -> Client:
        """A client for an account."""
        return Client(self._url, username, self._passwords[username])

    def open(self, username: str) -> str:
        """Make an account; gives its id."""
        secret = {"username": username, "password": self._passwords[username]}
        account_id: str = self._maker.post("/v1/accounts", secret, f"account {username}")["id"]
        return account_id

    def employ(self, username: str, role: Role, union_id: str | None) -> Client:
        """Make an account with one role, and sign it in."""
        wanted = {"account_id": self.open(username), "role": role.value, "union_id": union_id}
        self._agreed("grants", wanted, f"grant {username} {union_id or ''}")
        return self.sign_in(username)

    def link(self, username: str, subject_key: str) -> None:
        """Tell that an account is somebody's own; the next access token has the roles of that person's posts."""
        wanted = {"account_id": self.open(username), "subject_key": subject_key}
        self._agreed("account-links", wanted, f"link {username}")

    def _agreed(self, what: str, wanted: Mapping[str, str | None], key: str) -> None:
        proposed = self._maker.post(f"/v1/{what}", wanted, key)
        self._checker.post(f"/v1/{what}/{proposed['id']}/approve", {}, f"approve {key}")


def official_names(year: Year) -> tuple[str, ...]:
    """The accounts of a year's officials: another year has others, for an account is one person's own."""
    return tuple(f"{name}{year.suffix}" for name in OFFICIALS)


def usernames(year: Year) -> tuple[str, ...]:
    """Every account of a year."""
    return (*ADMINISTRATORS, SYSTEM_ADMIN, *STAFF, *official_names(year))
