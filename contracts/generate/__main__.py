"""Writes the generated documents, checks that they are up to date and compatible, or freezes them as released."""

import argparse
import sys

from contracts.generate import documents


def main() -> int:
    """Run the command line; the exit code is 1 if the documents or their compatibility are at fault."""
    parser = argparse.ArgumentParser(prog="python -m contracts.generate", description=__doc__)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="change nothing; fail on drift or an incompatible change")
    action.add_argument("--release", action="store_true", help="freeze the documents as the released version")
    chosen = parser.parse_args()
    if not chosen.check:
        documents.write(documents.GENERATED)
    faults = [*documents.drift(documents.GENERATED), *documents.breaks(documents.GENERATED, documents.RELEASED)]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if chosen.release and not faults:
        documents.release(documents.GENERATED, documents.RELEASED)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
