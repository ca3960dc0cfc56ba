"""The field types of the published language; each answers bad input with a code of the catalogue."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

from contracts.schema import Fault
from kernel.codes.code_list import CodeList
from kernel.identifiers import uscc
from kernel.identifiers.errors import InvalidIdentifier
from kernel.masking import MaskedText
from kernel.privacy_notices import notices
from kernel.unseen import CONTROL, UNSEEN, has_hidden
from kernel.zone import SHANGHAI

#: Largest number PostgreSQL's `integer` holds; counts beyond it are refused, not truncated.
MAX_INTEGER = 2_147_483_647
#: What neither PostgreSQL's text nor a printed line can hold.
_CONTROL = re.compile(rf"[{CONTROL}\ud800-\udfff]")
_SEEN = re.compile(rf"[^\s{UNSEEN}]")
#: Of these, what a name is kept without: what a line may not have is refused, and selectors of a form that CJK
#: characters have beside their usual one (as those of U+E0100 on do) say how somebody writes the name.
_LEFT_OUT = re.compile(rf"(?![{CONTROL}\ufe00-\ufe02])[{UNSEEN}]")
#: A whole number in a query string; no more digits than a count can have.
_WHOLE = re.compile(r"-?[0-9]{1,10}")
#: A UUID in the one form of RFC 9562; Python's own reader takes braces, prefixes and hyphens anywhere.
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
#: A moment as RFC 3339 has it; Python's own reader takes all of ISO 8601. PostgreSQL takes no offset beyond 15:59.
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-](?:0[0-9]|1[0-5]):[0-5][0-9])"
)
#: Years that can be told: before, Shanghai's offset had seconds, which RFC 3339 cannot write; after, other zones run
#: over. A day is a moment once the business clock is set to it.
YEARS = range(1902, 9999)
#: Characters of a sentence or definition in one language.
_LONGEST_WORDS = 2000
#: Bad items of a list that a refusal tells; each costs time, and nobody mends more at once.
_MOST_BAD_ITEMS = 20


def _codes(**codes: str) -> dict[str, str | list[Any] | dict[Any, Any]]:
    """Give codes the type that marshmallow declares for its messages."""
    return dict(codes)


class _Length(validate.Length):
    def _format_error(self, value: Any, message: str) -> str:
        return Fault(str(self.error), least=self.min, most=self.max)


class _Range(validate.Range):
    def _format_error(self, value: Any, message: str) -> str:
        return Fault(str(self.error), least=self.min, most=self.max)


class _OneOf(validate.OneOf):
    def _format_error(self, value: Any) -> str:
        return Fault(self.error, choices=", ".join(self.choices))


def _is_a_line(text: str) -> None:
    if _CONTROL.search(text):
        raise ValidationError("control_character")
    if text and not _SEEN.search(text):
        raise ValidationError("unseen_text")


def _is_seen_throughout(text: str) -> None:
    _is_a_line(text)
    if has_hidden(text):
        raise ValidationError("hidden_character")


def _can_be_told(day: date) -> None:
    if day.year not in YEARS:
        raise ValidationError("date_range")


class Field(fields.Field[Any]):
    """Base of all: gives the common checks their codes."""

    default_error_messages = _codes(required="required", null="null_not_allowed", validator_failed="invalid_value")

    def from_text(self, text: str) -> Any:
        """The JSON value that a path or query string means, which can only hold texts."""
        return text


class Id(Field, fields.UUID):
    """A UUIDv7 as text."""

    default_error_messages = _codes(invalid_uuid="not_a_uuid")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise self.make_error("invalid_uuid")
        return super()._deserialize(value, *args, **kwargs)


class Text(Field, fields.String):
    """One line of up to `longest` characters that people read, trimmed; no control characters, and some to see."""

    default_error_messages = _codes(invalid="not_a_text", invalid_utf8="not_a_text")
    _check = staticmethod(_is_a_line)

    def __init__(self, longest: int = 200, shortest: int = 1, **kwargs: Any) -> None:
        length = _Length(shortest, longest, error="text_length")
        super().__init__(validate=[length, self._check], **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        return text.strip() if isinstance(text, str) else text


class Title(Text):
    """A line that names a document: no character that is not seen, even between others."""

    _check = staticmethod(_is_seen_throughout)


class Secret(Field, fields.String):
    """A password or token: taken as it is typed, never in a view, an event or a log."""

    default_error_messages = _codes(invalid="not_a_text", invalid_utf8="not_a_text")

    def __init__(self, longest: int = 1024, **kwargs: Any) -> None:
        super().__init__(validate=_Length(1, longest, error="text_length"), **kwargs)


class Code(Field, fields.String):
    """One value of a code list; closed in requests, open in events and views."""

    default_error_messages = _codes(invalid="not_a_text", invalid_utf8="not_a_text")

    def __init__(self, values: Iterable[str], **kwargs: Any) -> None:
        self.values = tuple(str(value) for value in values)
        #: The list whose codes have names, where they are all of one.
        self.code_list = values if isinstance(values, type) and issubclass(values, CodeList) else None
        super().__init__(validate=_OneOf(self.values, error="unknown_code"), **kwargs)


class SubjectKey(Field, fields.String):
    """A person outside membership: 64 hexadecimal digits, and nothing else."""

    default_error_messages = _codes(invalid="not_a_text", invalid_utf8="not_a_text")

    def __init__(self, **kwargs: Any) -> None:
        pattern = validate.Regexp(r"[0-9a-f]{64}\Z", error="not_a_subject_key")
        super().__init__(validate=pattern, metadata={"personal": True}, **kwargs)


class RegionCode(Field, fields.String):
    """A county-level code of GB/T 2260: six digits. Unknown ones are accepted, for codes change every year."""

    default_error_messages = _codes(invalid="not_a_text", invalid_utf8="not_a_text")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(r"[1-9][0-9]{5}\Z", error="not_a_region_code"), **kwargs)


class Uscc(Field, fields.String):
    """A unified social credit code (GB 32100-2015), both check characters right; loads normalised."""

    default_error_messages = _codes(invalid="not_a_text", invalid_utf8="not_a_text")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"examples": ["91330199MA0000015A"]}, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            return uscc.parse(text).code
        except InvalidIdentifier as error:
            raise ValidationError(error.code) from error


class IndustryCode(Field, fields.String):
    """An industry of GB/T 4754-2017: its section's letter, and up to four digits."""

    default_error_messages = _codes(invalid="not_a_text", invalid_utf8="not_a_text")

    def __init__(self, **kwargs: Any) -> None:
        pattern = validate.Regexp(r"[A-T](?:[0-9]{2,4})?\Z", error="not_an_industry_code")
        super().__init__(validate=pattern, metadata={"examples": ["C34"]}, **kwargs)


class Personal(Text):
    """A personal value on its way in: in no view, event, log or error."""

    def __init__(self, longest: int = 200, **kwargs: Any) -> None:
        super().__init__(longest, metadata={"personal": True}, **kwargs)


class Name(Text):
    """What somebody or something is called, without the characters in it that nobody sees."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        if not isinstance(text, str):
            return text
        # who copied them from somewhere could neither find them nor, later, the name
        return _LEFT_OUT.sub("", text).strip() or text


class ConsentVersion(Text):
    """Version of the privacy notice that somebody agreed to; an open text, for notices come and go."""

    def __init__(self) -> None:
        known = ", ".join(f"`{notice.version}` ({notice.days})" for notice in notices().values())
        about = f"Version of the notice that was agreed to, of those in use by then: {known}"
        super().__init__(longest=40, required=True, metadata={"description": about})


class Masked(Field, fields.String):
    """A personal value in a view, as `kernel.masking` gives it; anything else is not shown but refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"description": "Masked"}, **kwargs)

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if value is not None and not isinstance(value, MaskedText):
            raise TypeError("a Masked field shows only what kernel.masking gives")
        return None if value is None else str(value)


class Digest(Field, fields.String):
    """A SHA-256 or SM3 digest as 64 hexadecimal digits."""

    default_error_messages = _codes(invalid="not_a_text", invalid_utf8="not_a_text")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="not_a_digest"), **kwargs)


class Count(Field, fields.Integer):
    """A whole number from `least` to `most`."""

    default_error_messages = _codes(invalid="not_an_integer", too_large="not_an_integer")

    def __init__(self, least: int = 0, most: int = MAX_INTEGER, **kwargs: Any) -> None:
        super().__init__(validate=_Range(least, most, error="number_range"), **kwargs)

    def from_text(self, text: str) -> Any:
        """The number; what is none stays as it is and is refused."""
        return int(text) if _WHOLE.fullmatch(text) else text

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, int):
            raise self.make_error("invalid")
        return super()._validated(value)


class LocalDate(Field, fields.Date):
    """A date in Asia/Shanghai, YYYY-MM-DD, in the years 1902 to 9998."""

    default_error_messages = _codes(invalid="not_a_date", invalid_awareness="not_a_date", format="not_a_date")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=_can_be_told, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid")
        return super()._deserialize(value, *args, **kwargs)


class Moment(Field, fields.AwareDateTime):
    """A moment with its offset of at most 15:59, RFC 3339, in the years 1902 to 9998."""

    default_error_messages = _codes(invalid="not_a_moment", invalid_awareness="not_a_moment", format="not_a_moment")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", validate=_can_be_told, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise self.make_error("invalid")
        return super()._deserialize(value, *args, **kwargs)

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._serialize(value and value.astimezone(SHANGHAI), *args, **kwargs)


class Flag(Field, fields.Boolean):
    """True or false, as JSON has them; "true" and "false" in a query string."""

    default_error_messages = _codes(invalid="not_a_boolean")

    def from_text(self, text: str) -> Any:
        """What the word means; any other stays as it is and is refused."""
        return {"true": True, "false": False}.get(text, text)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):  # for Python 1 is True, for JSON it is not
            raise self.make_error("invalid")
        return super()._deserialize(value, *args, **kwargs)


class Many(Field, fields.List[Any]):
    """A list of at most `longest` items; in one that is longer, no item is looked at."""

    default_error_messages = _codes(invalid="not_a_list")

    def __init__(self, inner: fields.Field[Any], longest: int = 1000, shortest: int = 0, **kwargs: Any) -> None:
        self._length = _Length(shortest, longest, error="list_length")
        super().__init__(inner, validate=self._length, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        self._length(value)
        items: list[Any] = []
        errors: dict[int, Any] = {}
        for index, item in enumerate(value):
            try:
                items.append(self.inner.deserialize(item, **kwargs))
            except ValidationError as error:
                errors[index] = error.messages
            if len(errors) == _MOST_BAD_ITEMS:
                break
        if errors:
            raise ValidationError(errors)
        return items


class Actions(Many):
    """The commands that a record's state knows; a view shows them as `_actions`."""

    def __init__(self) -> None:
        about = (
            "What the record's state allows next; who may do it is another question. The path of each ends with its "
            "name (`submit`), or its `operationId` is that name after the service (`record_opinion`, "
            "`welfare.record_opinion`); what has neither follows from another record"
        )
        super().__init__(Text(), required=True, attribute="actions", metadata={"description": about})


class Part(Field, fields.Nested):
    """An object inside an object."""

    default_error_messages = _codes(type="not_an_object")


class Ready(Part):
    """An object that is stored as the JSON it is shown as."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return value


class Words(Field, fields.Dict):
    """A text in both languages of the product: `{"zh": …, "en": …}`."""

    default_error_messages = _codes(invalid="not_an_object")

    def __init__(self, **kwargs: Any) -> None:
        language = fields.String(validate=validate.OneOf(("zh", "en"), error="unknown_field"))
        super().__init__(keys=language, values=Text(_LONGEST_WORDS), **kwargs)


class Params(Field, fields.Dict):
    """What fills the placeholders of a code's words, as texts by name."""

    default_error_messages = _codes(invalid="not_an_object")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=fields.String(), values=Text(_LONGEST_WORDS), **kwargs)
