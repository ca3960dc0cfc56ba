"""How surely a rule is known decides how hard it bites; services turn what is found here into errors and notices."""

import dataclasses
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from types import MappingProxyType

from kernel.law.rules import Certainty, Rule


class Effect(StrEnum):
    """What happens when a rule is not kept."""

    REFUSE = "refuse"
    REFUSE_UNLESS_OVERRIDDEN = "refuse_unless_overridden"
    WARN = "warn"


_EFFECTS: Mapping[Certainty, Effect] = MappingProxyType(
    {
        Certainty.V: Effect.REFUSE,
        Certainty.V2: Effect.REFUSE_UNLESS_OVERRIDDEN,
        Certainty.MH: Effect.REFUSE_UNLESS_OVERRIDDEN,
        Certainty.MM: Effect.WARN,
        Certainty.ML: Effect.WARN,
        Certainty.D: Effect.WARN,
    }
)


@dataclass(frozen=True, slots=True)
class Override:
    """The higher union's decision to let a case pass, with its typed reason; `by` is the actor's id."""

    by: str
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("an override needs a reason")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong (`code` of the error catalogue, `field` of the command) and by which rule, if one decides it."""

    code: str
    field: str | None = None
    rule_code: str | None = None
    article: str | None = None
    certainty: Certainty | None = None
    _: KW_ONLY
    #: What the code's words name beside the field, by the names of their placeholders.
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal(Finding):
    """The command must not be carried out; `overridable` tells whether the higher union may let it pass."""

    _: KW_ONLY
    overridable: bool = False


@dataclass(frozen=True, slots=True)
class Caution(Finding):
    """The command is carried out and the person is told that a rule may not be kept."""


@dataclass(frozen=True, slots=True)
class Overridden(Finding):
    """The command is carried out because the higher union said so; to be stored and reported."""

    _: KW_ONLY
    override: Override


def effect(rule: Rule) -> Effect:
    """Return what happens when the rule is not kept."""
    return _EFFECTS[rule.certainty]


def decide(
    rule: Rule,
    kept: bool,
    *,
    code: str,
    field: str | None = None,
    override: Override | None = None,
    params: Mapping[str, str] | None = None,
) -> Refusal | Caution | Overridden | None:
    """Return None if the rule is kept, else what its certainty makes of the breach.

    Who may override is a question of roles and is not asked here; an override of a rule read in its text has no effect.
    """
    if kept:
        return None
    named = params or {}
    match effect(rule), override:
        case Effect.WARN, _:
            return Caution(code, field, rule.code, rule.citation, rule.certainty, params=named)
        case Effect.REFUSE_UNLESS_OVERRIDDEN, Override():
            return Overridden(code, field, rule.code, rule.citation, rule.certainty, params=named, override=override)
        case bites, _:
            may_pass = bites is Effect.REFUSE_UNLESS_OVERRIDDEN
            return Refusal(code, field, rule.code, rule.citation, rule.certainty, params=named, overridable=may_pass)
