"""Every code has its words in both languages, and nothing answers in words of its own."""

import string

import marshmallow
import pytest

from contracts import catalogue, fields, registry, schema

#: What the gateway and the chassis answer with on every route.
COMMON = [
    "malformed_json",
    "invalid_request",
    "idempotency_key_required",
    "idempotency_key_invalid",
    "idempotency_key_reused",
    "if_match_invalid",
    "body_too_large",
    "unsupported_media_type",
    "headers_too_large",
    "too_many_requests",
    "not_authenticated",
    "token_expired",
    "invalid_credentials",
    "session_over",
    "role_not_allowed",
    "outside_scope",
    "not_found",
    "method_not_allowed",
    "not_yet_known",
    "illegal_transition",
    "stale_version",
    "in_progress",
    "internal_error",
    "service_unavailable",
    "deadline_exceeded",
    "outcome_unknown",
    "outcome_unknown_unkeyed",
]
RAISED_BY_OPERATIONS = sorted({code for operation in registry.operations().values() for code in operation.errors})


def _coded_fields() -> list[marshmallow.fields.Field]:
    return [
        fields.Id(),
        fields.Text(),
        fields.Secret(),
        fields.Code(("a",)),
        fields.SubjectKey(),
        fields.RegionCode(),
        fields.Digest(),
        fields.Count(),
        fields.LocalDate(),
        fields.Moment(),
        fields.Flag(),
        fields.Many(fields.Text(), shortest=1),
        fields.Part(schema.Schema),
        fields.Words(),
        fields.Params(),
    ]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted({*COMMON, *RAISED_BY_OPERATIONS}))
def test_every_code_that_ends_a_request_has_a_status_and_words(code: str) -> None:
    assert 400 <= catalogue.entry(code).status < 600


@pytest.mark.parametrize("field", _coded_fields(), ids=lambda field: type(field).__name__)
def test_every_code_that_a_field_answers_with_has_words(field: marshmallow.fields.Field) -> None:
    codes = {*field.error_messages.values(), *(getattr(check, "error", None) for check in field.validators)}
    codes.discard(None)

    assert codes <= set(catalogue.entries())


@pytest.mark.parametrize("bad", [None, 1.5, "", "x" * 3000, "\x00", [], {}, {"fr": "a"}, {"zh": 1}, [None], object()])
@pytest.mark.parametrize("field", _coded_fields(), ids=lambda field: type(field).__name__)
def test_a_field_never_answers_in_words_of_its_own(field: marshmallow.fields.Field, bad: object) -> None:
    form = schema.Schema.from_dict({"value": field})
    try:
        form().load({"value": bad, "other": 1})
    except marshmallow.ValidationError as error:
        assert {row["code"] for row in schema.field_errors(error)} <= set(catalogue.entries())
    else:
        pytest.fail("the unknown field passed")


@pytest.mark.parametrize("entry", catalogue.entries().values(), ids=lambda entry: entry.code)
def test_an_entry_says_the_same_in_both_languages(entry: catalogue.Entry) -> None:
    assert _placeholders(entry.zh) == _placeholders(entry.en)
    assert entry.zh.endswith("。") and any("\u4e00" <= letter <= "\u9fff" for letter in entry.zh)
    assert entry.en.endswith(".") and entry.en.isascii()


def test_a_placeholder_that_nobody_filled_in_does_not_hide_the_error() -> None:
    entry = catalogue.Entry("full", 409, "最多 {most} 人。", "At most {most} people.")

    assert entry.text("en", most=5) == "At most 5 people."
    assert entry.text("zh") == "最多 … 人。"


def test_who_is_not_known_here_is_said_to_be_new_or_wrong_for_asking_again_does_not_mend_a_key() -> None:
    entry = catalogue.entry("not_yet_known")

    assert ("just now" in entry.en, "else check" in entry.en) == (True, True)
    assert ("刚刚登记" in entry.zh, "否则请核对" in entry.zh) == (True, True)
