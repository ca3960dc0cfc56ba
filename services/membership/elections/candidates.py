"""Who may stand, and whether the list offers enough; an employer's side and missing choice are kept out here."""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import ceil

from contracts.membership.elections import EmployerTie
from contracts.membership.posts import Body, Post
from kernel.law import Caution, Finding, Refusal
from services.membership.elections.facts import Candidate, Facts, Office

#: Bodies that 工会法 art 10 keeps near relatives of the employer's head out of; of the others the regulation does.
_COMMITTEES = (Body.COMMITTEE, Body.STANDING)
#: How many more than the seats must stand for these bodies.
_SURPLUS: Mapping[str, str] = {Body.COMMITTEE: "R-ELE-07", Body.STANDING: "R-ELE-07.standing"}


def eligibility(facts: Facts, candidate: Candidate, at: str) -> Iterator[Finding | None]:
    """What keeps somebody from standing (R-MEM-11, R-MEM-16, R-ORG-10, R-ELE-04, R-ELE-14, R-ELE-15, R-ELE-18)."""
    office = facts.office
    yield facts.judge("R-MEM-16", candidate.is_member, code="not_a_member_there", at=at)
    yield facts.judge("R-MEM-11", not candidate.is_retained, code="retained_cannot_stand", at=at)
    tie = candidate.employer_tie
    yield facts.judge(_rule_on_ties(office, tie), tie is None, code="tied_to_employer", at=at)
    if office.post != Post.MEMBER:
        yield facts.judge("R-ELE-18", not candidate.skipped_training, code="training_skipped", at=at)
    if office.body == Body.AUDIT:
        yield facts.judge("R-ELE-14", not candidate.is_audited, code="finance_and_audit", at=at)
    if (office.body, office.post) == (Body.WOMEN, Post.CHAIR):
        yield facts.judge("R-ELE-15.head", candidate.is_woman, code="head_not_a_woman", at=at)


def may_stand(facts: Facts, candidate: Candidate) -> bool:
    """Whether nothing refuses somebody, be it that the higher union let it pass."""
    return not any(isinstance(finding, Refusal) for finding in eligibility(facts, candidate, "candidates"))


def told_of_written_in(facts: Facts) -> Iterator[Finding | None]:
    """What is found on people whom the voters wrote in: if they may not stand, this is told and they win no seat."""
    for place, candidate in enumerate(facts.written_in):
        for finding in eligibility(facts, candidate, f"written_in.{place}.subject_key"):
            yield _caution(finding) if isinstance(finding, Refusal) else finding


def least_candidates(facts: Facts) -> int:
    """How many must stand: the seats and the surplus of R-ELE-07, which rounds up, for less is below the share.

    For the audit and women committees the regulation names no surplus, so they are treated as chairs are.
    """
    share = facts.rule(_rule_on_surplus(facts.office)).number
    return facts.office.seats + ceil(share * facts.office.seats)


def list_is_in_order(facts: Facts) -> Iterator[Finding | None]:
    """Nobody twice, everybody eligible, enough of them (R-ELE-07), and a woman where one must sit (R-ORG-02)."""
    named = Counter(candidate.subject_key for candidate in facts.candidates)
    for place, candidate in enumerate(facts.candidates):
        at = f"candidates.{place}.subject_key"
        if named[candidate.subject_key] > 1:
            yield Refusal("candidate_twice", at)
        yield from eligibility(facts, candidate, at)
    least = least_candidates(facts)
    enough = len(named) >= least
    yield facts.judge(_rule_on_surplus(facts.office), enough, code="too_few_candidates", at="candidates", least=least)
    if needs_a_woman(facts):
        among = any(candidate.is_woman for candidate in facts.candidates)
        yield facts.judge("R-ORG-02", among, code="no_woman_stands", at="candidates")


def needs_a_woman(facts: Facts) -> bool:
    """Whether the committee must have a woman: there are women, too few for a committee of theirs (R-ORG-02, -03)."""
    if (facts.office.body, facts.office.post) != (Body.COMMITTEE, Post.MEMBER) or Body.WOMEN in facts.union.bodies:
        return False
    return facts.union.women_members > 0 and not facts.rule("R-ORG-03").holds(facts.union.women_members)


def bodies_come_together(facts: Facts) -> Iterator[Finding | None]:
    """With the committee come those of women (R-ORG-03) and of audit (R-ELE-14), where the union needs them."""
    if (facts.office.body, facts.office.post) != (Body.COMMITTEE, Post.MEMBER):
        return
    union = facts.union
    many = facts.rule("R-ORG-03").holds(union.women_members)
    yield facts.judge("R-ORG-03", not many or Body.WOMEN in union.bodies, code="women_committee_missing")
    audited = not union.keeps_accounts or Body.AUDIT in union.bodies
    yield facts.judge("R-ELE-14.together", audited, code="audit_committee_missing")


def _caution(refusal: Refusal) -> Caution:
    return Caution(refusal.code, refusal.field, refusal.rule_code, refusal.article, refusal.certainty)


def _rule_on_ties(office: Office, tie: str | None) -> str:
    """The law itself names the head's relatives and the committee; all else is the regulation's."""
    by_law = tie == EmployerTie.RELATIVE_OF_MAIN_HEAD and office.body in _COMMITTEES
    return "R-ORG-10" if by_law else "R-ELE-04"


def _rule_on_surplus(office: Office) -> str:
    if office.post != Post.MEMBER:
        return "R-ELE-07.equal"
    return _SURPLUS.get(office.body, "R-ELE-07.equal")
