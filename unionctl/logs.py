"""Prints the logs of several processes as one stream, each line under the name of its process."""

import time
from collections import deque
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.text import Text

from unionctl.directory import RunDirectory
from unionctl.errors import PlatformError

#: Colours that tell processes apart.
COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
#: Seconds between two looks for new lines.
FOLLOW_SECONDS = 0.2


def show(directory: RunDirectory, service: str | None, lines: int, follow: bool, console: Console) -> None:
    """Print the last lines of each log of a service, of a process or of all, and go on if asked to."""
    files = _files(directory, service)
    width = max(len(file.stem) for file in files)
    streams = [(_label(file, number, width), file.open(errors="replace")) for number, file in enumerate(files)]
    try:
        for label, stream in streams:
            _print(console, label, deque(stream, lines))
        while follow:
            for label, stream in streams:
                _print(console, label, stream)
            time.sleep(FOLLOW_SECONDS)
    except KeyboardInterrupt:
        console.print()
    finally:
        for _, stream in streams:
            stream.close()


def _files(directory: RunDirectory, service: str | None) -> list[Path]:
    files = sorted(directory.log("x").parent.glob("*.log"))
    if service is not None:
        files = [file for file in files if service in (file.stem, file.stem.partition(".")[0])]
    if not files:
        raise PlatformError(f"There is no log of {service}." if service else "There are no logs yet.")
    return files


def _label(file: Path, number: int, width: int) -> Text:
    return Text(f"{file.stem:<{width}} ", style=COLOURS[number % len(COLOURS)])


def _print(console: Console, label: Text, lines: deque[str] | IO[str]) -> None:
    for line in lines:
        console.print(label + line.rstrip("\n"), soft_wrap=True)
