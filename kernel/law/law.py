"""Nation, province and city rule on the same thing; this module finds the one rule that decides a case."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import combinations

from kernel.law.instruments import InstrumentError, shipped
from kernel.law.rules import Rule, jurisdictions


class UnknownRule(LookupError):
    """No rule file holds this code; correct the code."""


class NoRuleInForce(LookupError):
    """The rule exists, but not in this place on this day; the caller must not decide by another day's law."""

    def __init__(self, rule_code: str, jurisdiction: str, on: date) -> None:
        super().__init__(f"{rule_code} in {jurisdiction} on {on}")
        self.rule_code = rule_code
        self.on = on


class Law:
    """All rules known, asked by code, place and day."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Raise `InstrumentError` if two rules contradict each other so that no order between them decides."""
        self._concepts: dict[str, str] = {}
        self._by_concept: defaultdict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            if self._concepts.setdefault(rule.code, rule.concept) != rule.concept:
                raise InstrumentError(f"{rule.code} names two concepts")
            self._by_concept[rule.concept].append(rule)
        for same in self._by_concept.values():
            _check_decidable(same)

    @staticmethod
    def load() -> "Law":
        """Return the law of the shipped rule files; they are read once per process."""
        return _shipped()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule known, by code, then instrument."""
        known = (rule for same in self._by_concept.values() for rule in same)
        return tuple(sorted(known, key=lambda rule: (rule.code, rule.instrument, rule.effective_from)))

    def rule(self, code: str, *, jurisdiction: str, on: date) -> Rule:
        """Return the rule that decides what `code` is about, in a region (GB/T 2260 digits) on a day.

        The most specific one in force is taken (county, city, province, nation; there the special before the general,
        then the later), but none that is looser than a mandatory national floor. Raise `UnknownRule`, `NoRuleInForce`.
        """
        if code not in self._concepts:
            raise UnknownRule(code)
        places = jurisdictions(jurisdiction)
        same = self._by_concept[self._concepts[code]]
        reaching = [rule for rule in same if rule.jurisdiction in places and rule.in_force(on)]
        floors = [rule for rule in reaching if rule.floor]
        lawful = [rule for rule in reaching if not any(rule.is_looser_than(floor) for floor in floors)]
        if not lawful:
            raise NoRuleInForce(code, jurisdiction, on)
        return max(lawful, key=lambda rule: (-places.index(rule.jurisdiction), rule.special, rule.effective_from))


def _check_decidable(same: Sequence[Rule]) -> None:
    for one, other in combinations(same, 2):
        if (one.floor or other.floor) and (one.kind, one.unit) != (other.kind, other.unit):
            raise InstrumentError(f"{one.concept}: {one.citation} and {other.citation} cannot be compared with a floor")
        if (one.jurisdiction, one.special, one.effective_from) == (
            other.jurisdiction,
            other.special,
            other.effective_from,
        ):
            raise InstrumentError(f"{one.concept}: nothing decides between {one.citation} and {other.citation}")


@cache
def _shipped() -> Law:
    return Law(shipped())
