"""The pages agree with the code: generated ones are current, each setting, metric and library has its line."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

import chassis.metrics
import chassis.settings
import gateway.engine.metrics
import gateway.settings
import services.membership.settings
from contracts import registry
from contracts.gateway import sessions
from contracts.generate import openapi
from contracts.generate.samples import sample_event
from contracts.validation import validate
from docs import generate
from gateway.sessions.rules import ACCESS_LIFE, SESSION_LIFE
from kernel.codes.education import Education
from kernel.codes.membership_change import ChangeReason
from kernel.codes.political_status import PoliticalStatus
from kernel.codes.skill_level import SkillLevel
from kernel.codes.worker_category import WorkerCategory
from kernel.privacy_notices import notices
from kernel.states.transition import NEW

DOCS = generate.HERE
DECISIONS = DOCS / "decisions"
#: Headings of a decision.
PARTS = ["Status", "Context", "Decision", "Consequences", "Rejected alternatives"]
#: Packages that run in production, and what is imported only to write the documents.
PACKAGES = ("kernel", "contracts", "chassis", "services", "gateway", "unionctl", "demo")
DEVELOPMENT = {"apispec"}
OPERATIONS = (DOCS / "operations.md").read_text("utf-8")
PAGES = sorted([DOCS.parent / "README.md", *DOCS.rglob("*.md")])
#: First two cells of a row that is about a setting of a process: its name, and its default or `–`.
SETTING = re.compile(r"^\| `UNIONHALL_(\w+)` \| (?:`(.*?)`|–) \|", re.MULTILINE)
#: First cell of a row that is about a metric.
METRIC = re.compile(r"^\| `(unionhall_\w+)`", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def read_settings() -> Iterator[tuple[str, str]]:
    """Name and default of each setting that a process reads; the default is empty where there is none."""
    for module in (chassis.settings, gateway.settings, services.membership.settings):
        for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env."):
                name, *default = [ast.literal_eval(argument) for argument in node.args]
                yield name, str(default[0]) if default and default[0] != [] else ""


def imported() -> set[str]:
    """Distributions that the packages import."""
    modules = set()
    for file in (file for package in PACKAGES for file in (DOCS.parent / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    owners = packages_distributions()
    outside = modules - set(sys.stdlib_module_names) - set(PACKAGES)
    return {normalised(owner) for module in outside for owner in owners[module]} - DEVELOPMENT


def normalised(name: str) -> str:
    return name.lower().replace("_", "-")


def test_the_generated_pages_say_what_the_code_says() -> None:
    assert list(generate.drift()) == []


def test_a_page_that_was_edited_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "HERE", tmp_path)
    generate.write()
    (tmp_path / "events.md").write_text("something else")
    assert [fault.partition(" ")[0] for fault in generate.drift()] == ["docs/events.md"]


def test_every_event_stands_in_the_catalogue() -> None:
    page = (DOCS / "events.md").read_text("utf-8")
    assert {
        event_type.name for event_type in registry.events().values() if f"`{event_type.routing_key}`" not in page
    } == set()


def test_every_code_and_every_notice_stands_on_the_page_of_codes() -> None:
    page = (DOCS / "codes.md").read_text("utf-8")
    for codes in (WorkerCategory, Education, PoliticalStatus, SkillLevel, ChangeReason):
        assert all(f"| `{code.value}` | {code.zh} | {code.en} |" in page for code in codes)
    assert all(f"| `{notice.version}` | {notice.days} |" in page for notice in notices().values())


def test_every_step_of_a_state_machine_is_found_as_the_api_says() -> None:
    routed = [(one.name, one.route.path) for one in registry.operations().values() if one.route]
    named = {name for name, _ in routed} | {path.rpartition("/")[2] for _, path in routed}
    # elections have their rules, and no routes yet
    machines = [machine for machine in generate.machines() if machine.name != "election"]
    steps = {row.command for machine in machines for row in machine.transitions if row.source != NEW}
    of_registrations = {"call_off", "miss", "promote"}  # they follow from their activity
    of_transfers = {"lapse", "stay"}  # the clock's, and what a membership does as its transfer goes
    assert steps - named == of_registrations | of_transfers


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    assert dict(SETTING.findall(OPERATIONS)) == dict(read_settings())


def test_every_metric_stands_in_the_table_and_no_other() -> None:
    defined = {family.name for family in REGISTRY.collect() if family.name.startswith("unionhall_")}
    assert {name.removesuffix("_total") for name in METRIC.findall(OPERATIONS)} == defined
    assert gateway.engine.metrics.REQUESTS._name in defined
    assert chassis.metrics.CALLS._name in defined


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS.parent)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()] == []


def test_the_sample_of_the_wire_format_is_a_valid_event() -> None:
    page = (DOCS / "wire-format.md").read_text("utf-8")
    sample = json.loads(page.partition("```json\n")[2].partition("```")[0])
    validate(sample)
    assert sample == sample_event(registry.events()[sample["type"]])


def test_every_decision_has_its_parts_and_stands_in_the_index() -> None:
    index = (DECISIONS / "README.md").read_text("utf-8")
    for page in DECISIONS.glob("0*.md"):
        text = page.read_text("utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == PARTS, page.name
        assert f"[{title[:4]}]({page.name}) | {title[5:]} |" in index


def test_every_library_that_is_imported_stands_in_the_table_of_libraries() -> None:
    text = (DECISIONS / "0014-libraries.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-zA-Z][\w ,.-]+?) \| ", text, re.MULTILINE)[1:]
    named = {normalised(name.split()[0]) for row in rows for name in row.split(", ")}
    pinned = re.findall(r"^([\w-]+)==", (DOCS.parent / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert imported() <= named <= set(map(normalised, pinned))


def test_the_description_of_the_api_says_how_to_sign_in_and_for_how_long() -> None:
    described = openapi.document()["info"]["description"]
    routes = [one.route for one in registry.operations().values() if one.request.__module__ == sessions.__name__]
    assert set(re.findall(r"/v1/sessions[a-z/]*", described)) == {route.path for route in routes if route}
    assert f"good for {ACCESS_LIFE.seconds // 60} minutes" in described
    assert f"{SESSION_LIFE.seconds // 3600} hours after signing in" in described
