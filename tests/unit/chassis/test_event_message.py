"""An event's hand-written properties must read back as py-amqp reads its own."""

import pytest
from amqp.serialization import decode_properties_basic
from hypothesis import given
from hypothesis import strategies as st

from chassis.event_message import EventMessage

NAMES = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1, max_size=60)


@given(st.dictionaries(NAMES, st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=300)))
def test_py_amqp_reads_what_was_written(headers: dict[str, str]) -> None:
    message = EventMessage(b"{}", "an id", "a.type.v1", "unionhall.events", headers)

    properties, _ = decode_properties_basic(message._serialize_properties(), 0)

    assert properties == {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "application_headers": headers,
        "delivery_mode": 2,
        "message_id": "an id",
        "type": "a.type.v1",
        "app_id": "unionhall.events",
    }


def test_a_name_that_amqp_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        EventMessage(b"{}", "an id", "t" * 256, "unionhall.events", {})
