"""One passage through a plan: what is left of it, and what its steps were told."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.client import PATIENCE, Client, UnexpectedAnswer
from tests.support.plans.steps import Course, Fields, Outcome, Pick, Step, filled

#: Seconds between looks for what another client is to be told.
_LOOK = 0.02


class Abandoned(Exception):
    """Another client failed, so that what this one waits for never comes."""


@dataclass
class Round:
    """A passage for a federation of its own."""

    number: int
    #: Courses that no client has taken yet.
    left: list[Course]
    #: Whether some client has failed.
    abandoned: Callable[[], bool]
    #: Replies to the steps that have a name.
    told: dict[str, Fields] = field(default_factory=dict)

    def id_of(self, name: str) -> str:
        """The id that a step was told."""
        found: str = self.told[name]["id"]
        return found

    def carry_out(self, client: Client, course: Course, rest: float) -> None:
        """Take a course's steps, with a rest after each. Raises UnexpectedAnswer, GaveUp or Abandoned."""
        for number, step in enumerate(course.steps, 1):
            reply = self._take(client, step, f"{self.number}.{course.name.replace(' ', '-')}.{number}")
            _check(step, reply)
            if step.name:
                self.told[step.name] = reply
            time.sleep(rest)

    def find(self, name: str) -> Fields:
        """What the step of a name was told, which another client may still be waiting for. Raises Abandoned."""
        until = time.monotonic() + PATIENCE
        while name not in self.told:
            if self.abandoned() or time.monotonic() > until:
                raise Abandoned(f"{name} in round {self.number}")
            time.sleep(_LOOK)
        return self.told[name]

    def _take(self, client: Client, step: Step, key: str) -> Fields:
        for name in step.after:
            self.find(name)
        fields: dict[str, Any] = filled(step.fields, self.number, self.find)
        match step:
            case Pick():
                items = client.read(step.request, step.account, **fields, limit="200")["items"]
                return _the_one(items, filled(step.having, self.number, self.find), key)
            case Outcome():
                return client.await_end(step.request, step.account, **fields)
            case _:
                return client.do(step.request, step.account, key, **fields)


def _the_one(items: list[Fields], having: Fields, key: str) -> Fields:
    found = [item for item in items if _says(item, having)]
    if len(found) != 1:
        raise UnexpectedAnswer(f"{key}: {len(found)} items have {having}")
    return found[0]


def _check(step: Step, reply: Fields) -> None:
    if not _says(reply, step.expects):
        raise UnexpectedAnswer(f"{step.request.__name__} {step.name}: {reply} instead of {step.expects}")


def _says(reply: Any, expected: Any) -> bool:
    """Whether a reply has the fields that are expected, whatever else it has."""
    if isinstance(expected, Mapping):
        return isinstance(reply, Mapping) and all(_says(reply.get(name), value) for name, value in expected.items())
    return bool(reply == expected)
