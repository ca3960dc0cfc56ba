"""One record of each kind that a request may name, in a federation beside the demo's."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from contracts.events.activities import ActivityKind
from contracts.membership.imports import CSV
from contracts.roles import Role
from demo.client import Client
from demo.loading.activities import announce
from demo.loading.members import CONSENT
from demo.year.activities import PlannedActivity
from tests.integration.harness import Office, Town, ended, held, move_clock
from tests.integration.shop import DAY, Shop, a_code, somebody
from tests.support.authenticator import App
from unionctl.accounts import password

#: Each record by the name of the field that asks for it, of each service by itself: some use one name for two things.
Records = Mapping[str, Mapping[str, Any]]
#: What fields that ask for a union are called.
_UNION = (
    "union_id", "superior_id", "organizer_union_id", "federation_id", "federation", "org", "under", "root", "union",
)  # fmt: skip
#: Until then the records are in use.
_LAST_DAY = "2100-12-31"


class Clerk:
    """Makes the records, each by somebody with the role for it, who may then ask for what is their own."""

    def __init__(self, town: Town, office: Office, people: Mapping[Role, Client]) -> None:
        self._town, self._office, self._people = town, office, people
        self._federation = office.federation
        self._shop = Shop.found(town, office)
        self._subject_key = self._shop.join()

    def all(self) -> Records:
        """The records by service."""
        membership, welfare, events = self._membership(), self._welfare(), self._events()
        everywhere = {
            **dict.fromkeys(_UNION, self._federation),
            "subject_key": self._subject_key,
            "subject_keys": [self._subject_key],
            "consent_version": CONSENT,
        }
        return {
            "membership": {**everywhere, **membership},
            "welfare": {**everywhere, **welfare},
            "events": {**everywhere, **events},
            "reporting": {**everywhere, **self._reporting()},
            "gateway": {**everywhere, **self._gateway()},
        }

    def _post(self, role: Role, path: str, **body: Any) -> Any:
        return self._people[role].post(path, body, str(uuid4()))

    def _membership(self) -> Mapping[str, Any]:
        enterprise = self._enterprise()
        [member] = self._office.officer.get("/v1/members", subject_key=self._subject_key)["items"]
        nomination = {"party_org_ref": "Works committee", "nominated_on": DAY, "subject_key": self._subject_key}
        nominated = self._post(Role.OFFICER, "/v1/party-recommendations", union_id=self._shop.union, **nomination)
        waits = self._shop.application(somebody())
        # before the union has a chair, who alone decides then on those who join
        transfer_id = self._transfer()
        return {
            **dict.fromkeys(("enterprise_id", "employer_id", "enterprise"), enterprise),
            "enterprise_ids": [enterprise],
            "membership_id": member["id"],
            "application_id": self._post(Role.ZONE_OFFICER, "/v1/memberships/applications", **waits)["id"],
            "post_id": self._shop.start_post(self._subject_key, "chair"),
            "recommendation_id": nominated["id"],
            **dict.fromkeys(("from_union", "to_union", "to_union_id"), self._federation),
            "transfer_id": transfer_id,
            "consent_id": self._consent(),
            "text_version": CONSENT,
            **self._import(),
        }

    def _consent(self) -> str:
        """A member's consent on paper; gives its id."""
        asked = {"purpose": "publication", "text_version": CONSENT, "granted_on": DAY, "form_ref": "form 12"}
        return str(self._post(Role.OFFICER, "/v1/consents", subject_key=self._subject_key, **asked)["id"])

    def _transfer(self) -> str:
        """A member on the way to the federation itself; gives the transfer's id."""
        [moving] = self._office.officer.get("/v1/members", subject_key=self._shop.join())["items"]
        asked = {"to_union_id": self._federation, "basis": "residence", "requested_on": DAY}
        return str(self._post(Role.CHAIR, f"/v1/memberships/{moving['id']}/transfer", **asked)["id"])

    def _enterprise(self) -> str:
        names = {"name": "Quarry Lathes Limited", "short_name": "Quarry Lathes", "region_code": "330199"}
        details = {"federation_id": self._federation, "uscc": a_code(), **names}
        return str(self._post(Role.ZONE_OFFICER, "/v1/enterprises", **details)["id"])

    def _import(self) -> Mapping[str, str]:
        """A file, and an import of it that has ended with faults."""
        importer, row = self._people[Role.ZONE_OFFICER], "姓名,证件号码,移动电话\n林小满,1,1\n"
        file = importer.upload("/v1/memberships/import-files", row.encode(), CSV, str(uuid4()))
        wanted = {"union_id": self._federation, "file_id": file["id"], "consent_version": CONSENT}
        begun = self._post(Role.ZONE_OFFICER, "/v1/memberships/import", **wanted, most_faulty_percent=100)
        ended(importer, f"/v1/memberships/imports/{begun['id']}")
        return {"file_id": file["id"], "import_id": begun["id"]}

    def _welfare(self) -> Mapping[str, str]:
        relief, checks = self._programme("winter_relief", "goods"), self._programme("health_check", "service")
        slot = self._slot(checks)
        booked = self._people[Role.ZONE_OFFICER].get(f"/v1/health-checks/slots/{slot}/bookings")["items"]
        return {
            "programme_id": relief,
            "programme": relief,
            **self._list(relief),
            "slot_id": slot,
            "booking_id": booked[0]["id"],
        }

    def _programme(self, kind: str, form: str) -> str:
        """An open programme; gives its id."""
        details = {
            "union_id": self._federation,
            "kind": kind,
            "form": form,
            "name": "Warm winter",
            "year": 2023,
            "starts_on": "2023-01-01",
            "ends_on": _LAST_DAY,
            "budget_fen": 1_000_000,
            "fund_source": "union_funds",
            "policy_version": "2023.1",
        }
        programme_id = str(self._post(Role.ZONE_OFFICER, "/v1/programmes", **details)["id"])
        path = f"/v1/programmes/{programme_id}"
        self._post(Role.ZONE_OFFICER, f"{path}/submit")
        self._post(Role.AUDIT, f"{path}/opinion", opinion="supported")
        self._post(Role.ZONE_LEADER, f"{path}/approve", resolution_ref="2023-4")
        self._post(Role.ZONE_OFFICER, f"{path}/open")
        return programme_id

    def _list(self, programme_id: str) -> Mapping[str, str]:
        """A list that is given out, its benefit, and what it was approved by."""
        begun = {"union_id": self._federation, "name": "Winter"}
        batch = self._post(Role.ZONE_OFFICER, f"/v1/programmes/{programme_id}/batches", **begun)
        path = f"/v1/batches/{batch['id']}"
        line = {"subject_key": self._subject_key, "item": "Rice and oil", "amount_fen": 10_000}
        self._post(Role.ZONE_OFFICER, f"{path}/lines", lines=[line])
        list_hash = self._post(Role.ZONE_OFFICER, f"{path}/freeze")["list_hash"]
        self._post(Role.ZONE_LEADER, f"{path}/approve", list_hash=list_hash)
        self._post(Role.ZONE_OFFICER, f"{path}/issue")
        [benefit] = self._people[Role.ZONE_OFFICER].get(f"{path}/benefits")["items"]
        return {"batch_id": batch["id"], "grant_id": benefit["id"], "list_hash": list_hash}

    def _slot(self, programme_id: str) -> str:
        """A day of health checks on which somebody has a place; gives its id."""
        details = {"provider_id": str(uuid4()), "provider_name": "Third Hospital", "held_on": _LAST_DAY, "quota": 20}
        path = "/v1/health-checks/slots"
        of = {"programme_id": programme_id, "union_id": self._federation}
        slot = self._post(Role.ZONE_OFFICER, path, **of, **details)
        self._post(Role.ZONE_OFFICER, f"{path}/{slot['id']}/bookings", subject_keys=[self._subject_key])
        return str(slot["id"])

    def _events(self) -> Mapping[str, str]:
        named = {"code": "yard", "name": {"zh": "厂级", "en": "Yard"}, "valid_from": "2023-01-01"}
        tier = self._post(Role.ZONE_OFFICER, "/v1/contest-tiers", union_id=self._federation, **named)
        return {
            "activity_id": held(self._office.officer, self._federation, close=True),
            "registration_id": self._registration(tier["code"]),
            "tier_id": tier["id"],
            "tier": tier["code"],
        }

    def _registration(self, tier: str) -> str:
        """Somebody's place in a contest to come; gives its id."""
        key, day = str(uuid4()), date(2023, 9, 27)
        planned = PlannedActivity(ActivityKind.COMPETITION, "Turning", 0, day, day, (), tier=tier, quota=20)
        path = f"/v1/activities/{announce(self._office.officer, self._federation, planned, key)}/registrations"
        self._post(Role.ZONE_OFFICER, path, subject_keys=[self._subject_key])
        [registered] = self._people[Role.ZONE_OFFICER].get(path)["items"]
        return str(registered["id"])

    def _reporting(self) -> Mapping[str, str]:
        export = self._post(Role.ANALYST, "/v1/kpis/K01/exports", org=self._federation)
        report = self._post(Role.ANALYST, "/v1/reports", org=self._federation, title="The year")
        return {"code": "K01", "export_id": export["id"], "report_id": report["id"]}

    def _gateway(self) -> Mapping[str, str]:
        client = self._town.employ(Role.ANALYST, self._federation)
        spare = client.get("/v1/me")
        account_id = spare["account"]["id"]
        self._enrol(client, spare["account"]["username"])
        wanted = {"account_id": account_id, "subject_key": self._subject_key}
        return {
            "account_id": account_id,
            "grant_id": spare["grants"][0]["id"],
            "link_id": self._post(Role.SECURITY_ADMIN, "/v1/account-links", **wanted)["id"],
            "move_id": move_clock(self._town.account(self._people[Role.SYSTEM_ADMIN]), None)["id"],
            "removal_id": self._post(Role.SECURITY_ADMIN, "/v1/second-factor-removals", account_id=account_id)["id"],
        }

    def _enrol(self, client: Client, username: str) -> None:
        proof = {"current_password": password(self._town.platform, username)}
        app = App(client.post("/v1/me/second-factor", proof, str(uuid4()))["secret"])
        client.post("/v1/me/second-factor/confirm", {"code": app.code()}, str(uuid4()))
