"""Hands a file that comes in to its owner piece by piece, so that this process never holds it."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from chassis.errors import Refused
from chassis.files import CHUNK
from chassis.uploads import Piece
from contracts.declare import Operation
from gateway.engine import bodies
from gateway.engine.environment import Environment

Puts = Callable[[Piece], None]


def receive(environ: Environment, operation: Operation, sender: UUID, key: str, put: Puts) -> dict[str, Any]:
    """Pass the body on; gives the fields of `contracts.files.UploadRequest`.

    The same sender and key name the same file. Raises Refused where the body is no file that the operation takes.
    """
    media_type = bodies.media_type(environ)
    if media_type not in operation.upload:
        raise Refused("unsupported_media_type")
    file_id, digest, pieces, size = uuid5(sender, key), hashlib.sha256(), 0, 0
    for data in bodies.read_file(environ, operation.body_limit, CHUNK):
        put(Piece(file_id, sender, media_type, pieces, data))
        digest.update(data)
        pieces, size = pieces + 1, size + len(data)
    if not size:
        raise Refused("file_empty")
    described = {"file_id": str(file_id), "media_type": media_type, "pieces": pieces}
    return {**described, "size": size, "sha256": digest.hexdigest()}
