"""Asks a state table what a command leads to, and tells a refusal the way clients hear it."""

from collections.abc import Iterable

from chassis.errors import Refused
from kernel.law import NoRuleInForce, Refusal
from kernel.states import IllegalTransition, Machine, Taken
from kernel.states import Refused as RefusedByGuards
from kernel.states.transition import Facts


def step(machine: Machine[Facts], state: str, command: str, facts: Facts) -> Taken[Facts]:
    """The row of the table that the command takes from a state; the caller moves the record to its target.

    The caller stores the row's notes: cautions, and breaches of a rule that the higher union let pass.

    Raises Refused: `illegal_transition`, what the first guard says, or `law_not_loaded` where a guard asks for a rule
    whose text of that day nobody has loaded.
    """
    try:
        return machine.next(state, command, facts)
    except IllegalTransition as error:
        raise impossible(error.state, error.allowed) from error
    except RefusedByGuards as error:
        raise refused(error.refusals[0]) from error
    except NoRuleInForce as error:
        raise Refused("law_not_loaded", rule_code=error.rule_code, params={"day": error.on.isoformat()}) from error


def impossible(state: str, possible: Iterable[str]) -> Refused:
    """That a record's state does not allow what was asked, with what it allows instead."""
    return Refused("illegal_transition", params={"state": state, "possible": ", ".join(possible) or "–"})


def refused(refusal: Refusal) -> Refused:
    """A rule's refusal as the client hears it."""
    return Refused(
        refusal.code,
        field=refusal.field,
        rule_code=refusal.rule_code,
        article=refusal.article,
        params=refusal.params,
    )
