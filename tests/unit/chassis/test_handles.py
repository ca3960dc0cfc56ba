"""A handler whose surroundings make no sense is refused where it is written."""

from typing import Any

import pytest

from chassis.commands import HANDLERS, handles
from contracts.declare import Request
from contracts.events.activities import DraftActivity, HoldActivity


def anything(*_: Any) -> None:
    """Never runs."""


@pytest.mark.parametrize(
    ("request_type", "surroundings"),
    [
        pytest.param(HoldActivity, {}, id="a version of nothing"),
        pytest.param(DraftActivity, {"on": object}, id="a record that no scope asks for"),
        pytest.param(DraftActivity, {"right": anything}, id="a right to nothing"),
        pytest.param(DraftActivity, {"first": anything}, id="a lock before nothing"),
    ],
)
def test_what_belongs_to_a_record_needs_one(request_type: type[Request], surroundings: dict[str, Any]) -> None:
    before = dict(HANDLERS)
    with pytest.raises(TypeError, match=request_type.operation.wire_name):
        handles(request_type, **surroundings)
    assert before == HANDLERS


def test_an_operation_has_one_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.commands.HANDLERS", {})
    handles(DraftActivity)(anything)
    with pytest.raises(TypeError, match="two handlers"):
        handles(DraftActivity)(anything)
