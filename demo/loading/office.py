"""Opens the federation's office: registers it, employs its officers, and seats those who hold its posts."""

from contracts.roles import Role
from demo.accounts import OFFICIALS, STAFF, SYSTEM_ADMIN, Officials, Registry, Staff, official_names
from demo.client import Client
from demo.loading import posts
from demo.loading.desk import Desk, Office
from demo.year.generator import Year
from demo.year.identifiers import REGION


def system_admin(registry: Registry) -> Client:
    """Whoever moves the clock and registers federations."""
    return registry.employ(SYSTEM_ADMIN, Role.SYSTEM_ADMIN, None)


def open_office(registry: Registry, year: Year) -> Office:
    """Record the federation and give its officers their accounts and roles."""
    federation_id = _register(system_admin(registry), year)
    return Office(federation_id, Staff(*(registry.employ(name, role, federation_id) for name, role in STAFF.items())))


def seat_officials(registry: Registry, desk: Desk) -> Officials:
    """Give those who hold the federation's posts their accounts; their roles follow from the posts."""
    names = official_names(desk.year)
    for name, (body, post) in zip(names, OFFICIALS.values(), strict=True):
        registry.link(name, posts.holder(desk, body, post))
    return Officials(*map(registry.sign_in, names))


def _register(client: Client, year: Year) -> str:
    planned = year.federation
    assert planned.approved_on is not None
    details = {
        "name": planned.name,
        "short_name": planned.short_name,
        "region_code": REGION,
        "party_cobuilt": planned.party_cobuilt,
        "founded_on": planned.founded_on.isoformat(),
        "approved_on": planned.approved_on.isoformat(),
    }
    federation_id: str = client.post("/v1/federations", details, f"{year.key} federation")["id"]
    return federation_id
