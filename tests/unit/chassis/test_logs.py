"""What a log line tells: names and places of errors, never their texts."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from tests.support.logged import logged

SECRET = "330110198001011234"


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What was logged, when the test is asked for it last."""
    with logged() as written:

        class Lines(list[dict[str, Any]]):
            def __iter__(self) -> Iterator[dict[str, Any]]:
                return iter([json.loads(line) for line in written.getvalue().splitlines()])

        yield Lines()


def fail() -> None:
    """Fail twice over, with values in both texts."""
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise ValueError(SECRET) from error


def test_an_error_is_told_by_its_names_and_places(lines: list[dict[str, Any]]) -> None:
    try:
        fail()
    except ValueError:
        structlog.get_logger("a").exception("failed")

    [line] = lines
    assert (line["event"], line["service"], line["level"]) == ("failed", "events", "error")
    assert "in fail" in line["exception"]
    assert [word for word in ("KeyError", "caused by", "ValueError") if word in line["exception"]]
    assert SECRET not in json.dumps(line)


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_form_repeats_what_an_error_says(form: str) -> None:
    """Nor do the local variables of its frames belong into a log."""
    with logged(form) as written:
        try:
            fail()
        except ValueError as error:
            structlog.get_logger("a").exception("failed")
            logging.getLogger("nameko.containers").log(logging.ERROR, "handling %s", error, exc_info=True)

    told = written.getvalue()
    assert all(word in told for word in ("failed", "handling ValueError", "in fail", "caused by"))
    assert SECRET not in told


def test_a_library_s_line_names_the_error_that_it_would_repeat(lines: list[dict[str, Any]]) -> None:
    logging.getLogger("nameko.containers").error("error handling worker %s: %s", "w", KeyError(SECRET))

    [line] = lines
    assert line["event"] == "error handling worker w: KeyError"


def test_bound_ids_come_along(lines: list[dict[str, Any]]) -> None:
    with structlog.contextvars.bound_contextvars(call_id="c", traceparent="t"):
        structlog.get_logger("a").info("served")

    [line] = lines
    assert (line["call_id"], line["traceparent"]) == ("c", "t")
