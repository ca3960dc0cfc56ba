"""A union beside the demo's, whose members and posts a test may begin and end as it likes."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Self
from uuid import uuid4

import requests

from demo.accounts import ADMINISTRATORS, Registry
from demo.year.identifiers import REGION
from kernel.identifiers import resident_id, uscc
from tests.integration.harness import Account, Office, Town
from unionctl.accounts import passwords

#: The day of whatever is recorded.
DAY = "2023-03-01"


def somebody() -> dict[str, Any]:
    """Who wants to join: numbers of a region that was never assigned, and of a prefix that nobody has."""
    born = date(1970, 1, 1) + timedelta(days=random.randrange(9000))
    first_17 = f"{REGION}{born:%Y%m%d}{random.randrange(1000):03}"
    return {
        "name": f"Zhang Laboriosa {uuid4().hex[:8]}",
        "document_no": first_17 + resident_id.check_character(first_17),
        "mobile": f"154{random.randrange(10**8):08}",
    }


def a_code() -> str:
    """The code of an enterprise in a region that was never assigned."""
    organisation = f"MA{random.randrange(10**6):06}"
    first_17 = f"91{REGION}{organisation}{uscc.organisation_check_character(organisation)}"
    return first_17 + uscc.check_character(first_17)


@dataclass(frozen=True, slots=True)
class Shop:
    """An approved union, the officers of the federation above it, and the administrators of accounts."""

    town: Town
    office: Office
    union: str
    registry: Registry = field(repr=False)

    @classmethod
    def found(cls, town: Town, office: Office) -> Self:
        """A new union below the office's federation."""
        founding = {
            "superior_id": office.federation,
            "name": f"Mill union {uuid4()}",
            "short_name": "Mill",
            "region_code": REGION,
            "org_kind": "joint",
            "founding_mode": "regional",
            "founded_on": "2022-06-18",
        }
        union = office.officer.post("/v1/unions", founding, str(uuid4()))["id"]
        office.checker.post(f"/v1/unions/{union}/approve", {"approved_on": "2022-06-20"}, str(uuid4()))
        return cls(town, office, union, Registry(town.platform.url, passwords(town.platform, ADMINISTRATORS)))

    def application(self, person: dict[str, Any]) -> dict[str, Any]:
        """What bringing in an application asks for."""
        return {
            "union_id": self.union,
            "applied_on": DAY,
            "consent_version": "members-2021-11",
            "person": person,
            "employment": {"worker_category": "13"},
        }

    def join(self) -> str:
        """The subject key of a new member."""
        applied = self.office.officer.post("/v1/memberships/applications", self.application(somebody()), str(uuid4()))
        path = f"/v1/memberships/applications/{applied['id']}/approve"
        self.office.checker.post(path, {"decided_on": DAY}, str(uuid4()))
        return str(applied["subject_key"])

    def start_post(self, subject_key: str, post: str) -> str:
        """A post in the union's committee; gives its id."""
        details = {
            "union_id": self.union,
            "subject_key": subject_key,
            "body": "committee",
            "post": post,
            "started_on": DAY,
            "resolution_ref": "minutes 1",
        }
        return str(self.office.officer.post("/v1/posts", details, str(uuid4()))["id"])

    def end_post(self, post_id: str) -> None:
        """The post is over."""
        ending = {"ended_on": "2023-06-01", "reason": "resigned"}
        self.office.officer.post(f"/v1/posts/{post_id}/end", ending, str(uuid4()))

    def account(self, subject_key: str) -> Callable[[], Account]:
        """A new account of a person; each call signs it in, and gives what asks with the roles of that moment."""
        username = f"member.{uuid4()}"
        registry = Registry(self.town.platform.url, passwords(self.town.platform, [*ADMINISTRATORS, username]))
        registry.link(username, subject_key)
        return lambda: self.town.account(registry.sign_in(username))

    def submitted(self) -> str:
        """Address of an activity of the union that waits for its chair."""
        draft = {
            "organizer_union_id": self.union,
            "kind": "study",
            "title": "Reading evening",
            "starts_at": "2023-04-01T19:00:00+08:00",
            "ends_at": "2023-04-01T21:00:00+08:00",
        }
        path = f"/v1/activities/{self.office.officer.post('/v1/activities', draft, str(uuid4()))['id']}"
        self.office.officer.post(f"{path}/submit", {}, str(uuid4()))
        return path


def code(answer: requests.Response) -> str | int:
    """The code of a refusal, or the status of anything else."""
    return answer.status_code if answer.ok else str(answer.json()["code"])
