"""What the law of elections is asked with, so that each rule finds its figures under one name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kernel.law import Finding, Law, Override, Rule, Value, decide


@dataclass(frozen=True, slots=True)
class UnionFigures:
    """The union on the day of the step."""

    region_code: str
    #: Members and women among them; whose membership is retained is not counted (R-MEM-12).
    members: int
    women_members: int
    keeps_accounts: bool = False
    #: Bodies that it has, or that come to be together with the one elected.
    bodies: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """What is elected: so many seats of a post in a body."""

    body: str
    post: str
    seats: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who stands or is written in, with what may keep them from it."""

    subject_key: str
    #: Of this union or one below it.
    is_member: bool = True
    is_retained: bool = False
    employer_tie: str | None = None
    #: Chairs the union, is the vice-chair in charge of finance, or belongs to the finance staff.
    is_audited: bool = False
    #: Was elected chair or vice-chair and skipped the post training.
    skipped_training: bool = False
    is_woman: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting that votes."""

    kind: str
    held_on: date
    #: Those entitled to attend, at least one.
    entitled: int
    present: int
    is_secret: bool = True


@dataclass(frozen=True, slots=True)
class Votes:
    """What the valid ballots say of one name on the list."""

    yes: int
    no: int = 0
    abstain: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """The ballots of one vote."""

    issued: int
    returned: int
    #: Of the returned ones.
    void: int = 0
    votes: Mapping[str, Votes] = field(default_factory=dict)
    #: Valid ballots that wrote in a person who is not on the list.
    written_in: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Poll:
    """One vote, for which seats and between whom; after a void one the same is repeated."""

    round: str
    #: Seats that are free.
    seats: int
    #: The list of the ballot, by subject key.
    names: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the guards decide on. Days are local to Asia/Shanghai."""

    #: The day of the step (of a vote and its result, that of the meeting), by whose law it is judged.
    on: date
    today: date
    union: UnionFigures
    office: Office
    method: str
    term_years: int
    candidates: Sequence[Candidate] = ()
    published_on: date | None = None
    meeting: Meeting | None = None
    poll: Poll | None = None
    count: Count | None = None
    #: Whoever was written in and is known to the register.
    written_in: Sequence[Candidate] = ()
    #: Whoever was elected in the votes before, and once declared in all.
    elected: Sequence[Candidate] = ()
    #: Those entitled who agree to give up the seats left open.
    agreed: int = 0
    submitted_on: date | None = None
    #: Whether the answering role is held at the superior or above it.
    decided_above: bool = True
    #: What the superior finds on how the vote was held.
    procedure_kept: bool = True
    #: What the higher union let pass, by rule code.
    overrides: Mapping[str, Override] = field(default_factory=dict)

    def rule(self, code: str) -> Rule:
        """The rule in force. Raises `NoRuleInForce` for a day before the text that is loaded."""
        return Law.load().rule(code, jurisdiction=self.union.region_code, on=self.on)

    def judge(
        self, rule_code: str, kept: bool, *, code: str, at: str | None = None, **params: object
    ) -> Finding | None:
        """What the certainty of a rule makes of a breach; `params` are what the code's words name."""
        rule = self.rule(rule_code)
        words = {name: str(value) for name, value in params.items()}
        return decide(rule, kept, code=code, field=at, override=self.overrides.get(rule.code), params=words)

    def measure(
        self, rule_code: str, given: Value | str, *, code: str, at: str | None = None, **params: object
    ) -> Finding | None:
        """As `judge`, of a figure or choice that the rule is held against."""
        return self.judge(rule_code, self.rule(rule_code).holds(given), code=code, at=at, **params)
