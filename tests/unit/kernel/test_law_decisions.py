"""A rule read in its text refuses, one known from elsewhere can be overridden, one from vague memory only warns."""

from dataclasses import replace
from datetime import date

import pytest

from kernel.law import Caution, Certainty, Effect, Finding, Law, Overridden, Override, Refusal, decide, effect

RULE = Law.load().rule("R-ORG-03", jurisdiction="330110", on=date(2023, 3, 1))
OVERRIDE = Override(by="district-officer", reason="committee elected next week")


@pytest.mark.parametrize(
    ("certainty", "expected"),
    [
        (Certainty.V, Effect.REFUSE),
        (Certainty.V2, Effect.REFUSE_UNLESS_OVERRIDDEN),
        (Certainty.MH, Effect.REFUSE_UNLESS_OVERRIDDEN),
        (Certainty.MM, Effect.WARN),
        (Certainty.ML, Effect.WARN),
        (Certainty.D, Effect.WARN),
    ],
)
def test_certainty_decides_the_effect(certainty: Certainty, expected: Effect) -> None:
    assert effect(replace(RULE, certainty=certainty)) is expected


@pytest.mark.parametrize(
    ("certainty", "override", "outcome"),
    [
        (Certainty.V, None, Refusal),
        (Certainty.V, OVERRIDE, Refusal),
        (Certainty.V2, None, Refusal),
        (Certainty.V2, OVERRIDE, Overridden),
        (Certainty.MH, None, Refusal),
        (Certainty.MH, OVERRIDE, Overridden),
        (Certainty.MM, None, Caution),
        (Certainty.ML, OVERRIDE, Caution),
        (Certainty.D, None, Caution),
    ],
)
def test_a_breach_is_refused_overridden_or_told(
    certainty: Certainty, override: Override | None, outcome: type[Finding]
) -> None:
    rule = replace(RULE, certainty=certainty)
    finding = decide(rule, False, code="women_committee_missing", field="has_women_committee", override=override)
    assert type(finding) is outcome
    assert (finding.code, finding.field) == ("women_committee_missing", "has_women_committee")
    assert (finding.rule_code, finding.article) == ("R-ORG-03", "工会基层组织选举工作条例 art 35")
    assert finding.certainty is certainty


@pytest.mark.parametrize("certainty", Certainty)
def test_a_rule_that_is_kept_finds_nothing(certainty: Certainty) -> None:
    assert decide(replace(RULE, certainty=certainty), True, code="women_committee_missing") is None


def test_a_refusal_says_whether_the_higher_union_may_let_it_pass() -> None:
    firm = decide(replace(RULE, certainty=Certainty.V), False, code="c", override=OVERRIDE)
    soft = decide(replace(RULE, certainty=Certainty.V2), False, code="c")
    assert isinstance(firm, Refusal)
    assert not firm.overridable
    assert isinstance(soft, Refusal)
    assert soft.overridable


def test_an_override_keeps_who_gave_it_and_why() -> None:
    finding = decide(RULE, False, code="c", override=OVERRIDE)
    assert isinstance(finding, Overridden)
    assert finding.override == OVERRIDE


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_override_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        Override(by="district-officer", reason=reason)


@pytest.mark.parametrize("certainty", Certainty)
def test_whatever_a_breach_comes_to_carries_what_its_words_name(certainty: Certainty) -> None:
    finding = decide(replace(RULE, certainty=certainty), False, code="c", override=OVERRIDE, params={"least": "10"})
    assert finding is not None
    assert finding.params == {"least": "10"}
