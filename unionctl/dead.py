"""Shows and decides on dead letters: what no handler could take, with who decided what, when and why."""

import getpass
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from chassis.errors import DeadlineExceeded, Refused, ServiceUnavailable
from chassis.operator import Operator
from contracts import registry
from unionctl.errors import PlatformError
from unionctl.platform import Platform

#: Seconds that a service may take to list its letters before the list does without them.
PATIENCE = 10.0
_WHOLE = 36
_BEGINNING = re.compile(r"[0-9a-f]{4}[0-9a-f-]*")
_SERVICE = click.Choice(sorted(registry.subscriptions()))


class LetterId(click.ParamType[str]):
    """The id of a dead letter, or a beginning of it of at least four characters."""

    name = "id"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check its form; a usage error if no id begins like this."""
        if len(value) > _WHOLE or not _BEGINNING.fullmatch(value.lower()):
            self.fail(f"No id of a dead letter begins with {value!r}; `unionctl dead list` shows them.", param, ctx)
        return value.lower()


@click.group("dead")
def dead() -> None:
    """List, show, replay or discard events that could not be handled."""


@dead.command("list")
@click.option("--state", type=click.Choice(("open", "replayed", "discarded")), default="open", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, for programs.")
@click.pass_obj
def list_letters(platform: Platform, state: str, as_json: bool) -> None:
    """List the dead letters of every service."""
    with platform.operator() as operator:
        found = _listed(operator, state)
    rows = [{"service": service, **row} for service, letters in found.items() for row in letters]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        click.echo("\n\n".join(map(_told, rows)))
    elif found:
        click.echo(f"There is no {state} dead letter in {_and(found)}.")
    if silent := registry.subscriptions().keys() - found.keys():
        raise PlatformError(f"No answer came from {_and(silent)}: `unionctl status` shows what runs.")


@dead.command()
@click.argument("service", type=_SERVICE)
@click.argument("letter", type=LetterId())
@click.pass_obj
def show(platform: Platform, service: str, letter: str) -> None:
    """Print one dead letter with its body."""
    with platform.operator() as operator:
        [letter_id] = _whole(operator, service, [letter], None)
        try:
            found: Mapping[str, Any] = operator.call(f"{service}.show_dead_letter", letter_id=letter_id)
        except Refused as error:
            raise _missing(service, letter, None) from error
    for name, value in found.items():
        click.echo(f"{click.style(name, bold=True)}  {value}")


@dead.command()
@click.argument("service", type=_SERVICE)
@click.argument("letters", nargs=-1, required=True, type=LetterId())
@click.option("--reason", required=True, help="Why it can be handled now; kept with the letter.")
@click.pass_obj
def replay(platform: Platform, service: str, letters: tuple[str, ...], reason: str) -> None:
    """Put events back into the service's queue under their own ids."""
    for _, event_id in _decide(platform, service, "replay_dead_letter", letters, reason):
        click.echo(f"{event_id} is on its way home")


@dead.command()
@click.argument("service", type=_SERVICE)
@click.argument("letters", nargs=-1, required=True, type=LetterId())
@click.option("--reason", required=True, help="Why it is given up for good; kept with the letter.")
@click.pass_obj
def discard(platform: Platform, service: str, letters: tuple[str, ...], reason: str) -> None:
    """Give events up for good."""
    for letter_id, _ in _decide(platform, service, "discard_dead_letter", letters, reason):
        click.echo(f"{letter_id} is discarded")


def _listed(operator: Operator, state: str) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The letters of each service that answers; all are asked at once."""
    method = "list_dead_letters"
    asked = {
        service: operator.ask(f"{service}.{method}", PATIENCE, state=state) for service in registry.subscriptions()
    }
    found = {}
    for service, request in asked.items():
        try:
            found[service] = operator.wait(request, PATIENCE)
        except (ServiceUnavailable, DeadlineExceeded):
            continue
    return found


def _decide(
    platform: Platform, service: str, method: str, letters: Sequence[str], reason: str
) -> Iterable[tuple[str, Any]]:
    """Each letter's id and the answer about it, as soon as it is decided; nothing is, if one of them is not found."""
    with platform.operator() as operator:
        for letter_id in _whole(operator, service, letters, "open"):
            try:
                answer = operator.call(
                    f"{service}.{method}", letter_id=letter_id, operator=getpass.getuser(), reason=reason
                )
            except Refused as error:
                raise _missing(service, letter_id, "open") from error
            yield letter_id, answer


def _whole(operator: Operator, service: str, letters: Sequence[str], state: str | None) -> list[str]:
    """The whole id of each letter that is named by its beginning; PlatformError where none or several begin so."""
    if all(len(letter) == _WHOLE for letter in letters):
        return list(letters)
    known = [row["id"] for row in operator.call(f"{service}.list_dead_letters", state=state)]
    return [_only(service, letter, [each for each in known if each.startswith(letter)], state) for letter in letters]


def _only(service: str, letter: str, found: Sequence[str], state: str | None) -> str:
    if len(letter) == _WHOLE:
        return letter
    if not found:
        raise _missing(service, letter, state)
    if len(found) > 1:
        raise PlatformError(f"{len(found)} dead letters of {service} begin with {letter}: {', '.join(found)}.")
    return found[0]


def _missing(service: str, letter: str, state: str | None) -> PlatformError:
    kind = f"{state} dead letter" if state else "dead letter"
    return PlatformError(f"{service} has no {kind} {letter}; `unionctl dead list` shows them.")


def _told(row: Mapping[str, Any]) -> str:
    lines = [
        f"{row['service']}  {row['id']}",
        f"  event    {row['event_type']}  {row['event_id']}",
        f"  reason   {row['reason']}, {row['attempts']} attempts, died {row['died_at']}",
        f"  error    {row['error']}",
    ]
    if row["decided_at"]:
        lines.append(f"  {row['state']} by {row['decided_by']}, {row['decided_at']}: {row['decision_reason']}")
    return "\n".join(lines)


def _and(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
