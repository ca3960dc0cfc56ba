"""The demo on a platform that holds more than its year, or less."""

import pytest

from demo.client import Client
from demo.plan import STUDY_ACTIVITIES
from tests.running.commands import unionctl
from unionctl.accounts import password
from unionctl.platform import Platform


def told(platform: Platform, *options: str) -> str:
    """What the demo prints."""
    result = unionctl(platform, "demo", *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def void_one(platform: Platform, federation: str) -> None:
    checker, analyst = (Client(platform.url, name, password(platform, name)) for name in ("zone.checker", "analyst"))
    listed = analyst.get("/v1/kpis/K01/explain", org=federation, as_of="2023-09-30")["facts"]
    path = f"/v1/activities/{listed[0]['activity_id']}/void"
    checker.post(path, {"reason_code": "recorded_twice"}, path)


@pytest.mark.slow
def test_the_demo_prints_what_is_true_after_a_voided_activity_and_another_year(platform: Platform) -> None:
    first = told(platform)
    assert f"K01 = {STUDY_ACTIVITIES}," in first
    assert "system.admin" in next(line for line in first.splitlines() if line.startswith("sign in"))
    void_one(platform, first.split("federation  ")[1].strip())
    assert f"K01 = {STUDY_ACTIVITIES - 1}," in told(platform)
    assert f"K01 = {2 * STUDY_ACTIVITIES - 1}," in told(platform, "--seed", "7")


def test_a_demo_among_accounts_of_others_says_so(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionctl.demo.make_administrators", lambda *_: False)
    monkeypatch.setattr("unionctl.demo.has_password", lambda *_: False)
    result = unionctl(platform, "demo")
    assert (result.exit_code, "accounts that the demo did not make" in result.stderr) == (1, True)


def test_the_help_says_what_another_seed_does(platform: Platform) -> None:
    assert "adds another year's activities to the same federation" in " ".join(
        unionctl(platform, "demo", "--help").stdout.split()
    )
