"""What the gateway publishes as it is: OpenAPI, AsyncAPI and the events' schemas, generated from the contracts."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import orjson

#: Seconds a client may keep a document; a release changes them at most.
MAX_AGE = 300
#: The folder of schemas, which is at the same time the address of their list.
_SCHEMAS = "/schemas"


@dataclass(frozen=True, slots=True)
class Document:
    """Fixed bytes at a fixed address, for everybody."""

    path: str
    media_type: str
    body: bytes
    #: What a browser may do with it.
    policy: str = "default-src 'none'"


def published() -> Iterator[Document]:
    """Each generated file: `/openapi.json`, `/asyncapi.json`, `/schemas/membership.union_founded.v1.json`, …

    `/schemas` names those below it: `[{"name": "membership.union_founded.v1", "url": "/schemas/…"}]`.
    """
    generated = list(_below(files("contracts").joinpath("generated"), ""))
    yield from generated
    schemas = sorted(each.path for each in generated if each.path.startswith(f"{_SCHEMAS}/"))
    index = [{"name": path.removeprefix(f"{_SCHEMAS}/").removesuffix(".json"), "url": path} for path in schemas]
    for path in (_SCHEMAS, f"{_SCHEMAS}/"):
        yield Document(path, "application/json", orjson.dumps(index))


def _below(folder: Traversable, prefix: str) -> Iterator[Document]:
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _below(entry, path)
        elif entry.name.endswith(".json"):
            yield Document(path, "application/json", entry.read_bytes())
