"""What JSON can say by itself is not taken as text; a path or query string, which has only text, is read first."""

from datetime import datetime
from typing import Any

import pytest
from marshmallow import ValidationError

from contracts import fields


@pytest.mark.parametrize("value", ["12", "", 1.5, True, [], {}, "1e3", "１２"])
def test_a_count_in_json_is_a_number(value: Any) -> None:
    with pytest.raises(ValidationError, match="not_an_integer"):
        fields.Count().deserialize(value)


@pytest.mark.parametrize("value", ["true", "false", 1, 0, "", [], {}])
def test_a_flag_in_json_is_true_or_false(value: Any) -> None:
    with pytest.raises(ValidationError, match="not_a_boolean"):
        fields.Flag().deserialize(value)


@pytest.mark.parametrize("day", ["0001-01-01", "1901-12-31", "9999-01-01"])
def test_a_day_that_the_business_clock_could_not_have_is_refused(day: str) -> None:
    with pytest.raises(ValidationError, match="date_range"):
        fields.LocalDate().deserialize(day)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (fields.Count(), "12", 12),
        (fields.Count(), "-1", -1),
        (fields.Count(), "1.5", "1.5"),
        (fields.Count(), "１２", "１２"),
        (fields.Count(), "9" * 11, "9" * 11),
        (fields.Flag(), "true", True),
        (fields.Flag(), "false", False),
        (fields.Flag(), "yes", "yes"),
        (fields.Text(), "12", "12"),
        (fields.LocalDate(), "2024-03-08", "2024-03-08"),
    ],
)
def test_a_query_string_means_what_its_field_says(field: fields.Field, text: str, value: Any) -> None:
    assert field.from_text(text) == value


@pytest.mark.parametrize(
    "value",
    [
        "0001-01-02T00:00:00+08:00",  # would be told as +08:05:43, which no consumer takes
        "1900-06-01T00:00:00+08:00",
        "0001-01-01T00:00:00+08:00",  # has no place in UTC
        "9999-12-31T23:59:59+00:00",  # has none in Shanghai
    ],
)
def test_a_moment_that_cannot_be_told_is_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="date_range"):
        fields.Moment().deserialize(value)


@pytest.mark.parametrize("character", "\0\t\n\r\x1b\x7f\x85\x9b\u2028\u202e\u2066\ud800", ids=ascii)
def test_a_text_has_no_character_that_breaks_or_turns_its_line(character: str) -> None:
    with pytest.raises(ValidationError, match=r"control_character|not_a_text"):
        fields.Text().deserialize(f"Mill{character}union")


@pytest.mark.parametrize("text", ["\u200b", "\u2060 \ufeff", "\u3164", "\ufe0f", "\u00ad"], ids=ascii)
def test_a_text_has_something_to_see(text: str) -> None:
    with pytest.raises(ValidationError, match="unseen_text"):
        fields.Text().deserialize(text)


@pytest.mark.parametrize(
    "text", ["西湖区总工会", "Æther & Söhne", "❤\ufe0f", "👩\u200d🔧", "می\u200cخواهم", "العمال"], ids=ascii
)
def test_a_text_of_any_script_is_taken_as_it_is(text: str) -> None:
    assert fields.Text().deserialize(f"  {text} ") == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((f"Nine{character}months", "hidden_character") for character in "\u200b\u200d\u2060\ufeff\u00ad\ufe00"),
        *((f"Nine{character}months", "control_character") for character in "\u202e\u0000\n"),
        ("\u200b", "unseen_text"),
    ],
    ids=ascii,
)
def test_a_title_has_no_character_that_nobody_sees(text: str, code: str) -> None:
    with pytest.raises(ValidationError, match=code):
        fields.Title().deserialize(text)


def test_a_title_is_taken_as_it_is_seen() -> None:
    assert fields.Title().deserialize(" 2023年前三季度 Æther & Söhne ") == "2023年前三季度 Æther & Söhne"


@pytest.mark.parametrize("value", ["1902-01-01T00:00:00-12:00", "9998-12-31T23:59:59-12:00"])
def test_a_moment_at_the_edge_is_told_as_it_was_given(value: str) -> None:
    moment = fields.Moment().deserialize(value)

    told = fields.Moment()._serialize(moment, None, None)

    assert told.endswith("+08:00")
    assert datetime.fromisoformat(told) == moment


@pytest.mark.parametrize(
    "value",
    [
        "2023-W01-1T00:00:00+08:00",
        "20230926T140000+0800",
        "2023-09-26T14:00:00+08:00:30",
        "2023-09-26T14:00:00+16:00",  # PostgreSQL takes none beyond 15:59
        "2023-09-26T14:00:00-23:59",
        "2023-09-26T14:00+08:00",
        "2023-09-26T14:00:00",
        "2023-09-26 14:00:00Z",
        "2023-02-29T14:00:00Z",
        "2023-09-26T24:00:00Z",
        "２０２３-09-26T14:00:00Z",
        "2023-09-26T14:00:00Z\n",
    ],
)
def test_a_moment_is_written_as_rfc_3339_has_it(value: str) -> None:
    with pytest.raises(ValidationError, match="not_a_moment"):
        fields.Moment().deserialize(value)


@pytest.mark.parametrize(
    "value", ["2023-09-26T14:00:00Z", "2023-09-26T14:00:00.123456+15:59", "2023-09-26T14:00:00.1-15:59"]
)
def test_a_moment_may_have_fractions_and_any_zone_that_there_is(value: str) -> None:
    assert fields.Moment().deserialize(value) == datetime.fromisoformat(value)


@pytest.mark.parametrize(
    "value",
    [
        "0190a6c0e0007000800000000000abcd----",
        "{0190a6c0e0007000800000000000abcd}--",
        "urn:uuid:190a6c0e0007000800000000000",
        "0190a6c0-e000-7000-8000-00000000abcd\n",
        "0190a6c0-e000-7000-8000-00000000abc",
    ],
)
def test_an_id_has_one_form(value: str) -> None:
    with pytest.raises(ValidationError, match="not_a_uuid"):
        fields.Id().deserialize(value)


def test_of_a_list_that_is_too_long_no_item_is_looked_at() -> None:
    class Untouchable(fields.Text):
        def _deserialize(self, *_: Any, **__: Any) -> Any:
            pytest.fail("an item was looked at")

    with pytest.raises(ValidationError, match="list_length"):
        fields.Many(Untouchable(), longest=3).deserialize(["a"] * 4)


def test_a_refused_list_tells_some_of_its_bad_items() -> None:
    with pytest.raises(ValidationError) as refused:
        fields.Many(fields.Count(), longest=1000).deserialize(["bad"] * 1000)

    assert list(refused.value.messages) == list(range(20))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("林\u200b小满", "林小满"),
        ("\ufeff 林小满\u200b ", "林小满"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("\U00020bb7野\U0003106c", "\U00020bb7野\U0003106c"),
        # these say which form of the character the person writes
        ("辻\U000e0101", "辻\U000e0101"),
        ("諸\ufe00葛\ufe01福\ufe02", "諸\ufe00葛\ufe01福\ufe02"),
        ("林\ufe0f小满", "林小满"),
        ("Anna Maria", "Anna Maria"),
    ],
)
def test_a_name_is_what_people_see_of_it(written: str, name: str) -> None:
    assert fields.Name().deserialize(written) == name


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("林\u0000小满", "control_character"),
        ("林\t小满", "control_character"),
        ("林\u202e小满", "control_character"),
        ("\u200b\u3164", "unseen_text"),
        (" ", "text_length"),
    ],
)
def test_a_name_without_anything_to_see_or_with_what_commands_is_refused(written: str, code: str) -> None:
    with pytest.raises(ValidationError, match=code):
        fields.Name().deserialize(written)
