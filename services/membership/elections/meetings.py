"""Who may meet to elect, how many of them, and for how many seats; a meeting that may not cannot open the vote."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil

from contracts.membership.elections import MeetingKind, Method
from contracts.membership.posts import Body, Post
from kernel.calendar import Calendar
from kernel.law import Finding, Refusal
from services.membership.elections.facts import Facts, Meeting

#: The meetings by which each method elects.
_MEETINGS: Mapping[str, Sequence[str]] = {
    Method.DIRECT: (MeetingKind.MEMBERS, MeetingKind.REPRESENTATIVES),
    Method.BY_COMMITTEE: (MeetingKind.COMMITTEE,),
}
#: Posts that a committee may fill from among itself.
_FROM_AMONG_ITSELF = (Post.CHAIR, Post.VICE_CHAIR)
#: Tables of the seats of bodies; for the others the law names no number.
_SEATS: Mapping[str, str] = {Body.COMMITTEE: "R-ELE-03", Body.AUDIT: "R-ELE-14.seats"}


def method_fits(facts: Facts) -> Finding | None:
    """Chairs, vice-chairs and the standing committee are elected by the meeting or the committee (R-ELE-12)."""
    office = facts.office
    either = office.post in _FROM_AMONG_ITSELF or office.body == Body.STANDING
    kept = facts.rule("R-ELE-12").holds(facts.method) and (either or facts.method == Method.DIRECT)
    return facts.judge("R-ELE-12", kept, code="committee_does_not_elect", at="method")


def may_meet(facts: Facts, meeting: Meeting) -> Iterator[Finding | None]:
    """The meeting elects (R-ELE-12), may be of this kind (R-ELE-01) and of as many (R-ELE-02)."""
    elects = meeting.kind in _MEETINGS[facts.method]
    yield facts.judge("R-ELE-12", elects, code="meeting_does_not_elect", at="kind")
    if meeting.entitled > facts.union.members:
        yield Refusal("more_entitled_than_members", "entitled", params={"members": str(facts.union.members)})
    if meeting.kind == MeetingKind.REPRESENTATIVES:
        most = facts.rule("R-ELE-01").number
        yield facts.measure("R-ELE-01", facts.union.members, code="members_must_meet", at="kind", most=most)
        yield _in_band(facts, "R-ELE-02", meeting.entitled, code="representatives_out_of_band", at="entitled")


def seats_fit(facts: Facts, seats: int) -> Finding | None:
    """As many seats as the members of the day of the meeting allow (R-ELE-03, R-ELE-14)."""
    rule_code = _SEATS.get(facts.office.body) if facts.office.post == Post.MEMBER else None
    return _in_band(facts, rule_code, seats, code="seats_out_of_band", at="seats") if rule_code else None


def published_in_time(facts: Facts, meeting: Meeting) -> Finding | None:
    """The list was out five working days before the meeting, whose day is not counted (R-ELE-05)."""
    assert facts.published_on is not None
    latest = facts.rule("R-ELE-05").latest(meeting.held_on, Calendar.load()).on
    return facts.judge(
        "R-ELE-05", facts.published_on <= latest, code="published_too_late", at="held_on", latest=latest.isoformat()
    )


def has_quorum(facts: Facts, meeting: Meeting) -> Iterator[Finding | None]:
    """Two thirds of those entitled attend (R-ELE-06), and the ballot is secret (R-ELE-08)."""
    if meeting.present > meeting.entitled:
        yield Refusal("more_present_than_entitled", "present")
    least = ceil(facts.rule("R-ELE-06").number * meeting.entitled)
    share = Fraction(meeting.present, meeting.entitled)
    yield facts.measure("R-ELE-06", share, code="no_quorum", at="present", least=least)
    yield facts.measure("R-ELE-08", meeting.is_secret, code="ballot_not_secret", at="is_secret")


def _in_band(facts: Facts, rule_code: str, given: int, *, code: str, at: str) -> Finding | None:
    band = facts.rule(rule_code).band(facts.union.members)
    if band is None:
        return None
    kept = band.least <= given <= band.most
    return facts.judge(rule_code, kept, code=code, at=at, least=band.least, most=band.most)
