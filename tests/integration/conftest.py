"""The whole platform as real processes, two of some services, asked over HTTP."""

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Running
from tests.integration.harness import Office, Town, held, settle

#: Processes of the services that a test kills, asks twice at once, or watches while they share the work.
SCALE = {"events": 2, "gateway": 2}


@pytest.fixture(scope="session")
def town(running: Running) -> Iterator[Town]:
    """The demo year on a platform with two gateways and two instances of events."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("UNIONHALL_HEARTBEAT", "1")
        running.platform.start(SCALE)
        yield Town(running.platform)


@pytest.fixture(scope="session")
def office(town: Town) -> Office:
    """A federation beside the demo's."""
    return Office.open(town)


@pytest.fixture
def study(town: Town) -> Iterator[Callable[..., str]]:
    """Holds one more study activity of the federation, closed or not; taken out of the count again afterwards."""
    begun: list[str] = []

    def hold(*, close: bool = True) -> str:
        begun.append(held(town.officer, town.federation, close=close))
        return begun[-1]

    before = town.figure()["numerator"]
    yield hold
    for activity in begun:
        path = f"/v1/activities/{activity}"
        state = town.officer.get(path)["state"]
        if state == "held":
            town.officer.post(f"{path}/close", {"evidence_ref": "list"}, f"{activity} close at last")
        if state != "voided":
            town.checker.post(f"{path}/void", {"reason_code": "did_not_take_place"}, f"{activity} void at last")
    settle(town.platform)
    assert town.figure()["numerator"] == before
