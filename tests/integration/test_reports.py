"""A report over HTTP: written once, read as data, as Markdown and as a page whose links can be followed."""

import re

import pytest

from tests.integration.harness import Account, Office, Town, eventually

CREATED, OK = 201, 200


@pytest.fixture
def analyst(town: Town, office: Office) -> Account:
    """Somebody who writes reports of a federation that reporting knows."""
    found = town.account(office.analyst)
    asked = f"/v1/kpis/K01/value?org={office.federation}"
    eventually(lambda: found.get(asked).status_code == OK, "Reporting does not hear of the federation.")
    return found


def test_a_report_is_written_and_its_links_lead_to_the_facts(analyst: Account, office: Office) -> None:
    made = analyst.post("/v1/reports", {"org": office.federation, "title": "The year <so far>"})
    assert made.status_code == CREATED
    address = f"/v1/reports/{made.json()['id']}"

    assert analyst.get(address).json() == made.json()
    page = analyst.get(f"{address}/html?language=en")
    assert (page.status_code, page.headers["Content-Type"]) == (OK, "text/html; charset=utf-8")
    assert "<title>The year &lt;so far&gt;</title>" in page.text
    links = re.findall('href="([^"]+)"', page.text)
    assert links
    for link in links:
        assert analyst.get(link.replace("&amp;", "&")).json()["figure"]["org"] == office.federation


def test_a_report_is_markdown_for_whoever_asks_for_that(analyst: Account, office: Office) -> None:
    made = analyst.post("/v1/reports", {"org": office.federation, "title": "The year"}).json()

    text = analyst.get(f"/v1/reports/{made['id']}/markdown")

    assert text.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert text.text.startswith("# The year\n")
