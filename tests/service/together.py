"""Lets tests do several things at the same moment."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from chassis.errors import Refused


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls together; gives what each answered or how it was refused."""
    gate = Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        gate.wait()
        try:
            answers[place] = call()
        except Refused as refused:
            answers[place] = refused.code

    threads = [Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
