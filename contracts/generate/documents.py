"""Keeps the generated documents and their released copies on disk, and says where they disagree."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import contracts
from contracts.compatibility import event_faults, openapi_faults
from contracts.generate import asyncapi, json_schemas, openapi

_ROOT = Path(contracts.__path__[0])
#: What the declarations say now.
GENERATED = _ROOT / "generated"
#: What others already build on; empty until the first release.
RELEASED = _ROOT / "released"


def write(folder: Path) -> None:
    """Write every document and remove those that nothing declares any more."""
    present = _documents()
    for file in _files(folder) - present.keys():
        (folder / file).unlink()
    for file, text in present.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")


def drift(folder: Path) -> Iterator[str]:
    """Name each document that does not say what the declarations say."""
    present = _documents()
    for file in sorted(_files(folder) | present.keys()):
        path = folder / file
        if file not in present or not path.exists() or path.read_text("utf-8") != present[file]:
            yield f"{file} is out of date: run `python -m contracts.generate`"


def breaks(present: Path, released: Path) -> Iterator[str]:
    """Name each change to a released document that is not additive."""
    for file in sorted(_files(released)):
        faults = openapi_faults if file == "openapi.json" else event_faults
        if not (present / file).exists():
            yield f"{file}: was released and is gone"
            continue
        for fault in faults(_read(released / file), _read(present / file)):
            yield f"{file}: {fault}; make it additive, or declare the next major version"


def release(present: Path, released: Path) -> None:
    """Freeze the documents; from now on `breaks` holds them to it."""
    for file in _files(present) - {"asyncapi.json"}:  # it says nothing that the schemas do not say
        (released / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(present / file, released / file)


def _documents() -> dict[str, str]:
    schemas = {f"schemas/{name}": schema for name, schema in json_schemas.files().items()}
    every = {"openapi.json": openapi.document(), "asyncapi.json": asyncapi.document(), **schemas}
    return {file: json.dumps(document, ensure_ascii=False, indent=2) + "\n" for file, document in every.items()}


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.json")}


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
