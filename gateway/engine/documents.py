"""What the gateway publishes as it is: OpenAPI, AsyncAPI and the events' schemas, generated from the contracts."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

#: Seconds a client may keep a document; a release changes them at most.
MAX_AGE = 300


@dataclass(frozen=True, slots=True)
class Document:
    """Fixed bytes at a fixed address, for everybody."""

    path: str
    media_type: str
    body: bytes
    #: What a browser may do with it.
    policy: str = "default-src 'none'"


def published() -> Iterator[Document]:
    """Each generated file: `/openapi.json`, `/asyncapi.json`, `/schemas/membership.union_founded.v1.json`, …"""
    return _below(files("contracts").joinpath("generated"), "")


def _below(folder: Traversable, prefix: str) -> Iterator[Document]:
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _below(entry, path)
        elif entry.name.endswith(".json"):
            yield Document(path, "application/json", entry.read_bytes())
