"""What people named in a report is printed as they wrote it, and never becomes a link or markup."""

from datetime import UTC, date, datetime

import pytest

from services.reporting.reports.rendering import html, markdown


def a_report(title: str, org_name: str = "Riverside") -> dict[str, object]:
    moment = datetime(2023, 10, 1, tzinfo=UTC)
    frame = {"as_of": date(2023, 9, 30), "computed_at": moment, "generation": 1, "chapters": []}
    return {"title": title, "org_name": org_name, **frame}


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("https://example.org/a?b=c", r"https\://example\.org/a?b=c"),
        ("see www.example.org.", r"see www\.example\.org."),
        ("www.1.example", r"www\.1\.example"),
        ("mail a.b@example.org", r"mail a\.b\@example\.org"),
        ("<https://example.org>", r"\<https\://example\.org\>"),
        ("![a](b)", r"!\[a\](b)"),
        ("up 3.5 % to 2,000.25", "up 3.5 % to 2,000.25"),
        ("十月.小结 9:30", r"十月\.小结 9:30"),
        ("costs $1$", r"costs \$1\$"),
        ("2023 ##", r"2023 \#\#"),
    ],
)
def test_a_title_is_a_heading_and_nothing_more(title: str, printed: str) -> None:
    assert markdown(a_report(title), "en").split("\n")[0] == f"# {printed}"


@pytest.mark.parametrize(
    ("org_name", "printed"),
    [("- Mill", r"\- Mill"), ("1. Mill", r"1\. Mill"), ("12) Mill", r"12\) Mill"), ("+ Mill", r"\+ Mill")],
)
def test_the_name_of_a_union_begins_no_list(org_name: str, printed: str) -> None:
    assert markdown(a_report("2023", org_name), "en").split("\n")[2].startswith(f"{printed}, as of")


def test_an_address_in_a_title_is_no_link_of_the_page() -> None:
    page = html(a_report('https://example.org"><a href="x'), "en")

    assert "<a " not in page
    assert "https://example.org&quot;&gt;&lt;a href=&quot;x" in page
