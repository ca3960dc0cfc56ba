"""Refusals have one shape, with the words in both languages."""

from contracts import catalogue, problem


def test_a_problem_tells_its_code_status_and_words_in_the_language_asked() -> None:
    body = problem.render("stale_version", "zh")

    assert body["type"] == "urn:unionhall:problem:stale_version"
    assert body["title"] == "Stale version"
    assert body["status"] == 412
    assert body["detail"] == body["messages"]["zh"] == catalogue.text("stale_version", "zh")
    assert body["messages"]["en"] == catalogue.text("stale_version", "en")


def test_what_is_not_known_is_left_out() -> None:
    assert set(problem.render("not_found", "en")) == {"type", "title", "status", "detail", "code", "messages"}


def test_each_bad_field_gets_its_words() -> None:
    body = problem.render("invalid_request", "en", errors=[{"field": "a.0", "code": "required"}])

    words = {language: catalogue.text("required", language) for language in catalogue.LANGUAGES}
    assert body["errors"] == [{"field": "a.0", "code": "required", "messages": words}]


def test_the_words_of_a_bad_field_name_its_limits() -> None:
    row = {"field": "title", "code": "text_length", "params": {"least": "1", "most": "200"}}
    body = problem.render("invalid_request", "en", errors=[row])

    words = {language: catalogue.text("text_length", language, least=1, most=200) for language in catalogue.LANGUAGES}
    assert body["errors"] == [{**row, "messages": words}]


def test_a_problem_has_the_shape_that_is_published() -> None:
    body = problem.render(
        "date_in_future",
        "en",
        field="held_on",
        rule_code="R-EVT-01",
        article="art 12",
        errors=[
            {"field": "", "code": "not_an_object"},
            {"field": "kind", "code": "unknown_code", "params": {"choices": "study"}},
        ],
        params={"today": "2024-03-08"},
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
    )

    assert problem.Problem().load(body) == body
