"""Reads a body that comes in chunks, strictly and within bounds, so that no two readers differ on where it ends."""

import re
from io import BufferedReader

#: A chunk's size and what may follow it (RFC 9112, 7.1); no sign, no prefix, no bare line feed.
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n")
#: Bytes of the line before a chunk and of one behind the last, and of all behind the last together.
_LONGEST_LINE, _LONGEST_TRAILERS = 1024, 8 * 1024
#: Chunks of a body that may be as small as they like; a million of one byte each would take a second. All others hold
#: `USUAL` bytes on average, which clients that stream a file keep.
MOST_CHUNKS, USUAL = 10_000, 4096


class BrokenChunks(ValueError):
    """The chunks do not follow each other as RFC 9112 says, or are too many."""


class Chunks:
    """A body in chunks, as one stream of bytes."""

    def __init__(self, source: BufferedReader) -> None:
        self._source = source
        self._left = 0
        self._count = 0
        self._size = 0
        #: Whether the last chunk and all that follows it were read.
        self.ended = False

    def read(self, most: int) -> bytes:
        """Some bytes, as they come; none at the end. Raises BrokenChunks."""
        if not self._left and not self.ended:
            self._begin()
        if self.ended:
            return b""
        piece = self._source.read1(min(most, self._left))
        if not piece:
            raise BrokenChunks
        self._left -= len(piece)
        if not self._left and self._source.read(2) != b"\r\n":
            raise BrokenChunks
        return piece

    def _begin(self) -> None:
        line = _SIZE.fullmatch(self._source.readline(_LONGEST_LINE))
        self._count += 1
        if line is None or self._count > MOST_CHUNKS + self._size // USUAL:
            raise BrokenChunks
        self._left = int(line[1], 16)
        self._size += self._left
        if not self._left:
            self._drop_trailers()
            self.ended = True

    def _drop_trailers(self) -> None:
        taken = 0
        while (line := self._source.readline(_LONGEST_LINE)) != b"\r\n":
            taken += len(line)
            if not line.endswith(b"\r\n") or taken > _LONGEST_TRAILERS:
                raise BrokenChunks
