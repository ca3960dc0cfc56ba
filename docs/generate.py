"""Writes the pages that follow from code, or with `--check` names those that no longer say what the code says."""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import gateway
import services
from contracts.generate import catalogue_page, codes_page
from kernel.states import Machine, render_page

#: Folder of the pages.
HERE = Path(__file__).parent


def states_page() -> str:
    """The tables by which things change their states."""
    return render_page(machines())


#: What writes each page.
PAGES: Mapping[str, Callable[[], str]] = {
    "codes.md": codes_page.page,
    "events.md": catalogue_page.page,
    "states.md": states_page,
}


def write() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), "utf-8")


def drift() -> Iterator[str]:
    """Name each page that is missing or says something else than the code."""
    for name, page in PAGES.items():
        file = HERE / name
        if not file.exists() or file.read_text("utf-8") != page():
            yield f"docs/{name} is out of date: run `python -m docs.generate`"


def machines() -> Iterator[Machine[Any]]:
    """Every state machine that some `rules` module of a service or of the gateway holds."""
    for root in (services, gateway):
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if module.name.endswith(".rules"):
                found = vars(importlib.import_module(module.name)).values()
                yield from (one for one in found if isinstance(one, Machine))


def main() -> int:
    """Run the command line; the exit code is 1 if a page is out of date."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail on drift")
    if not parser.parse_args().check:
        write()
    faults = list(drift())
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
