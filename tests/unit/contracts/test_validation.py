"""A body that breaks its schema is refused without repeating a value."""

import pytest

from contracts.validation import InvalidEvent, UnknownEvent, validate

FOUNDED = "cn.unionhall.membership.union_founded.v1"


@pytest.mark.parametrize("body", [None, [], "text", 7, {}, {"type": None}, {"type": []}, {"type": "cn.example.v1"}])
def test_a_body_of_no_known_type_is_unknown(body: object) -> None:
    with pytest.raises(UnknownEvent):
        validate(body)


def test_an_unknown_type_is_not_repeated_at_length() -> None:
    with pytest.raises(UnknownEvent) as refused:
        validate({"type": "x" * 100_000})

    assert len(str(refused.value)) < 300


def test_a_refusal_says_where_and_why_but_never_the_value() -> None:
    secret = "330110198001019999"
    with pytest.raises(InvalidEvent) as refused:
        validate(_envelope(data={"union_id": secret}))

    assert refused.value.type == FOUNDED
    assert refused.value.path.startswith("data")
    assert secret not in str(refused.value)


def test_the_parts_of_an_envelope_must_belong_together() -> None:
    with pytest.raises(InvalidEvent) as refused:
        validate(_envelope(source="urn:unionhall:events"))

    assert (refused.value.path, refused.value.reason) == ("source", "const")


def _envelope(**changes: object) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53",
        "source": "urn:unionhall:membership",
        "type": FOUNDED,
        "subject": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c54",
        "time": "2024-03-08T09:30:00+08:00",
        "datacontenttype": "application/json",
        "dataschema": "urn:unionhall:schema:membership.union_founded:v1",
        "sequence": "000000000007",
        "partitionkey": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c54",
        "orgid": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c54",
        "regioncode": "330110",
        "recordedtime": "2024-03-08T09:30:00+08:00",
        "dataclassification": "public",
        "data": {
            "union_id": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c54",
            "name": "Example Works Union",
            "short_name": "Example",
            "org_kind": "basic",
            "workforce": "general",
            "founding_mode": "single",
            "party_cobuilt": False,
            "region_code": "330110",
            "superior_id": None,
            "state": "approved",
            "founded_on": "2024-03-01",
            "approved_on": "2024-03-08",
        },
        **changes,
    }


def test_a_whole_event_passes() -> None:
    validate(_envelope())
