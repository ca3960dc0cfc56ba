"""What the operator's command line may ask of every service: history, rebuild, dead letters, the business clock."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from chassis import clock, dead_letters, dues, files, generations, history, uploads
from chassis.absorb import Absorber
from chassis.database import Database
from chassis.errors import Refused
from chassis.ladder import Ladder
from contracts.envelope import Envelope
from contracts.validation import validate


@dataclass(frozen=True, slots=True)
class Operated:
    """The parts of a service that operations work on."""

    database: Database
    absorber: Absorber
    generational: Sequence[Table]
    ladder: Ladder | None
    production: bool
    file_key: bytes
    #: Whether this process holds no event that it has taken and not yet handled.
    idle: Callable[[], bool]
    #: Events that wait in this service's queue.
    waiting: Callable[[], int]
    #: Called when the business clock has moved: it wakes the timer.
    moved: Callable[[], None]


Function = Callable[..., Any]

#: Every operation by the name of its RPC method.
OPERATIONS: dict[str, Function] = {}


def _operation(function: Function) -> Function:
    OPERATIONS[function.__name__] = function
    return function


@_operation
def history_page(service: Operated, after: int, limit: int) -> Mapping[str, Any]:
    """A page of this service's own events; see `history.page`."""
    return history.page(service.database, after, limit)


@_operation
def history_recorded(service: Operated) -> int:
    """See `history.recorded`."""
    return history.recorded(service.database)


@_operation
def history_end(service: Operated, position: int) -> int | None:
    """See `history.end`."""
    return history.end(service.database, position)


@_operation
def open_generation(service: Operated, state: str) -> int:
    """Open a generation, `building` or `verifying`; gives its number."""
    if state not in {"building", "verifying"}:
        raise Refused("invalid_request", field="state")
    return generations.open_next(service.database, state)


@_operation
def absorb(service: Operated, number: int, events: Sequence[Mapping[str, Any]]) -> int:
    """Apply a page of some owner's history to an open generation; gives how many events were new to it."""
    named = [event for event in events if event["type"] in service.absorber.projected]
    for event in named:
        validate(event)
    return service.absorber.history(number, [Envelope.parse(event) for event in named])


@_operation
def missing_events(service: Operated, number: int) -> Mapping[str, Any]:
    """What the current generation holds that a new one does not: how many, and the first ids."""
    count, event_ids = generations.missing(service.database, number)
    return {"count": count, "event_ids": event_ids}


@_operation
def switch_generation(service: Operated, number: int) -> None:
    """Let readers use a rebuilt generation."""
    try:
        generations.switch(service.database, number)
    except generations.NoSuchGeneration as error:
        raise Refused("not_found") from error


@_operation
def abandon_generation(service: Operated, number: int) -> None:
    """Close a generation that will not be switched to."""
    generations.abandon(service.database, number)


@_operation
def drop_generations(service: Operated) -> int:
    """Delete a part of the generations that nobody reads; 0 when nothing is left."""
    return generations.drop(service.database, service.generational)


@_operation
def is_settled(service: Operated) -> bool:
    """Whether everything sent to this service is handled, what is due by its business day is done, and what it recorded
    is published.

    A due row whose handler failed keeps nobody waiting: `failed_dues` tells of it. Of another instance's batch in hand
    it does not know; ask twice.
    """
    # in the order of an event's way, so that none passes the question
    return not service.waiting() and service.idle() and _is_done(service) and history.published(service.database)


def _is_done(service: Operated) -> bool:
    with service.database.reader.connect() as connection:
        return not dues.is_any_waiting(connection)


@_operation
def next_due(service: Operated, after: str) -> str | None:
    """The first day after another on which something falls due in this service, or None.

    The day is given, and not this service's own, for a move of the clock that was broken off leaves services on two.
    """
    with service.database.reader.connect() as connection:
        day = dues.next_day(connection, date.fromisoformat(after))
    return None if day is None else day.isoformat()


@_operation
def failed_dues(service: Operated) -> int:
    """How much is due that failed when it was last tried."""
    with service.database.reader.connect() as connection:
        return dues.failed(connection)


@_operation
def list_dead_letters(service: Operated, state: str | None = None) -> list[dict[str, Any]]:
    """The newest dead letters without their bodies."""
    return dead_letters.listed(service.database, state)


@_operation
def show_dead_letter(service: Operated, letter_id: str) -> dict[str, Any]:
    """One dead letter with its body."""
    return dead_letters.shown(service.database, UUID(letter_id))


@_operation
def replay_dead_letter(service: Operated, letter_id: str, operator: str, reason: str) -> str:
    """Put the event back into this service's queue under its own id; gives that id.

    It is sent before the letter is closed: a crash between the two sends it twice, and the inbox knows it.
    """
    letter = dead_letters.shown(service.database, UUID(letter_id))
    if letter["state"] != "open" or service.ladder is None:
        raise Refused("not_found")
    event_id: str = letter["event_id"] or letter_id
    service.ladder.send_home(letter["body"].encode(), event_id, letter["event_type"] or "")
    dead_letters.decide(service.database, UUID(letter_id), "replayed", operator, reason)
    return event_id


@_operation
def discard_dead_letter(service: Operated, letter_id: str, operator: str, reason: str) -> None:
    """Give an event up for good, with the reason."""
    dead_letters.decide(service.database, UUID(letter_id), "discarded", operator, reason)


@_operation
def get_chunk(service: Operated, file_id: str, number: int) -> str:
    """One piece of a file, in base64; whoever asks has checked that it may be handed out."""
    return b64encode(files.chunk(service.database, service.file_key, UUID(file_id), number)).decode()


@_operation
def put_chunk(service: Operated, piece: Mapping[str, Any]) -> None:
    """Keep one piece of a file that somebody sends; whoever passes it on has checked that they may."""
    uploads.put(service.database, service.file_key, uploads.Piece.from_wire(piece))


@_operation
def get_clock(service: Operated) -> str | None:
    """The business day that was set, or None where business time is machine time."""
    with service.database.reader.connect() as connection:
        day = clock.set_day(connection)
    return None if day is None else day.isoformat()


@_operation
def set_clock(service: Operated, day: str | None) -> bool:
    """Move the business clock of this service, and tell whether that makes anything due; refused in production."""
    if service.production:
        raise Refused("clock_fixed")
    with service.database.writer.begin() as connection:
        clock.move(connection, None if day is None else date.fromisoformat(day))
        is_any_due = dues.is_any_waiting(connection)
    service.moved()
    return is_any_due
