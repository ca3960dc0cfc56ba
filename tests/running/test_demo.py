"""The demo on a platform that holds more than its year, or less."""

import pytest

from demo.client import Client
from demo.year.scale import DEVELOPMENT_TARGETS, RECOMMENDED, SMALL, STUDY_ACTIVITIES
from tests.running.commands import unionctl
from unionctl.accounts import password
from unionctl.platform import Platform


def told(platform: Platform, *options: str) -> str:
    """What the demo prints of its small year."""
    result = unionctl(platform, "demo", "--small", *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def named(printed: str, name: str) -> str:
    """What stands behind a name in the last lines."""
    (line,) = (line for line in printed.splitlines() if line.startswith(name))
    return line.removeprefix(name).strip()


def void_one(platform: Platform, federation: str) -> None:
    checker, analyst = (Client(platform.url, name, password(platform, name)) for name in ("zone.checker", "analyst"))
    listed = analyst.get("/v1/kpis/K01/explain", org=federation, as_of="2023-09-30")["facts"]
    path = f"/v1/activities/{listed[0]['record_id']}/void"
    checker.post(path, {"reason_code": "recorded_twice"}, path)


@pytest.mark.slow
@pytest.mark.timeout(600)  # it loads two years
def test_the_demo_prints_what_is_true_after_a_voided_activity_and_beside_another_federation(platform: Platform) -> None:
    first = told(platform)
    assert f"K01 = {STUDY_ACTIVITIES} activities," in first
    assert f"({RECOMMENDED} of {DEVELOPMENT_TARGETS})" in first
    assert f"K31 = {SMALL.members} members," in first
    assert "system.admin" in named(first, "sign in")
    void_one(platform, named(first, "federation"))
    assert f"K01 = {STUDY_ACTIVITIES - 1} activities," in told(platform)
    another = told(platform, "--seed", "7")
    assert f"K01 = {STUDY_ACTIVITIES} activities," in another
    assert named(another, "federation") != named(first, "federation")


def test_a_demo_among_accounts_of_others_says_so(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionctl.demo.make_administrators", lambda *_: False)
    monkeypatch.setattr("unionctl.demo.has_password", lambda *_: False)
    result = unionctl(platform, "demo")
    assert (result.exit_code, "accounts that the demo did not make" in result.stderr) == (1, True)


def test_the_help_says_what_another_seed_does(platform: Platform) -> None:
    assert "adds another federation with people of its own" in " ".join(
        unionctl(platform, "demo", "--help").stdout.split()
    )
