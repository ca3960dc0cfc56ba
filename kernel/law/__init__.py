"""The law as data: which rule holds in a place on a day, and what may be done when it is not kept."""

from kernel.law.decisions import Caution, Effect, Finding, Overridden, Override, Refusal, decide, effect
from kernel.law.instruments import InstrumentError, read
from kernel.law.law import Law, NoRuleInForce, UnknownRule
from kernel.law.rules import NATION, Band, Certainty, Kind, Rule, Value, jurisdictions

__all__ = [
    "NATION",
    "Band",
    "Caution",
    "Certainty",
    "Effect",
    "Finding",
    "InstrumentError",
    "Kind",
    "Law",
    "NoRuleInForce",
    "Overridden",
    "Override",
    "Refusal",
    "Rule",
    "UnknownRule",
    "Value",
    "decide",
    "effect",
    "jurisdictions",
    "read",
]
