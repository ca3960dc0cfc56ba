"""Looks into an uploaded workbook before anything unpacks it: a few kilobytes can be made to fill the memory."""

import re
import zlib
from collections.abc import Sequence
from typing import BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

#: Bytes of all parts, unpacked: 200,000 rows of 20 cells have about 200 MiB.
MAX_UNPACKED = 2**30
#: Bytes of a part that is read as a whole; 1.5 million texts that occur in cells have as many.
MAX_WHOLE = 48 * 2**20
#: Elements of such a part, but for `_LONG`: the reader makes an object of each, which takes it a fifth of a
#: millisecond. Of the formats of cells, which are most of them, a spreadsheet keeps 65,000.
MAX_ELEMENTS = 100_000
#: Elements of the texts that occur in cells: two for each of as many as `MAX_WHOLE` holds, and some more.
MAX_TEXT_ELEMENTS = 4_000_000
#: Times that a part may grow; real sheets grow up to fifty times.
MAX_GROWTH = 200
#: Bytes of a sheet without the beginning of a row; as many are in memory at once.
MAX_ROW = 8 * 2**20
#: Bytes of the texts without the beginning of one; a cell holds 32,767 characters.
MAX_TEXT = 2**20
#: Files in an archive; a workbook has a dozen.
MAX_PARTS = 1000

#: Sheets, which are read row by row; not what lies in the directories below.
_SHEET = re.compile(r"xl/worksheets/[^/]*")
_CONTENTS = "[Content_Types].xml"
_TEXTS = "xl/sharedStrings.xml"
#: Parts that may be long, which are read text by text or not at all, and the end of their content type.
_LONG = {_TEXTS: "sharedStrings+xml", "xl/calcChain.xml": "calcChain+xml"}
_ROW, _TEXT = (re.compile(rb"<(?:\w{1,20}:)?%s\b" % name) for name in (b"row", b"si"))
#: The beginning of an element, also where a character has two bytes.
_ELEMENT = re.compile(rb"<\0?[A-Za-z_]")
#: Bytes unpacked at once, and of them those in which the beginning of a row or text may be cut off.
_PIECE, _CUT = 2**18, 32


class UnreadableFile(Exception):
    """The file cannot be read as what it is said to be, or not within bounds; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_workbook(file: BinaryIO) -> None:
    """Raises UnreadableFile `not_a_workbook` or `too_large`; holds no more than a piece of the file meanwhile."""
    try:
        with ZipFile(file) as archive:
            _check_sizes(archive.infolist())
            for part in archive.infolist():
                _check_part(archive, part)
            _check_long(archive)
    except (
        BadZipFile,
        DefusedXmlException,
        ParseError,
        KeyError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ):
        raise UnreadableFile("not_a_workbook") from None


def _check_sizes(parts: Sequence[ZipInfo]) -> None:
    """`zipfile` unpacks no more of a part than its entry says, so that entries can be believed."""
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UnreadableFile("too_large")
    for part in parts:
        is_whole = not _SHEET.fullmatch(part.filename)
        if part.file_size > MAX_GROWTH * max(part.compress_size, _PIECE) or (is_whole and part.file_size > MAX_WHOLE):
            raise UnreadableFile("too_large")


def _check_long(archive: ZipFile) -> None:
    """What may be long is nothing else, and nothing else is that: as a whole it would be too much."""
    for entry in fromstring(archive.read(_CONTENTS)):
        # readers cut off the first character, whatever it is
        part, kind = entry.get("PartName", "")[1:], entry.get("ContentType", "")
        hides = _SHEET.fullmatch(part) and not kind.endswith("worksheet+xml")
        if hides or any((part == name) != kind.endswith(end) for name, end in _LONG.items()):
            raise UnreadableFile("not_a_workbook")
    for name in archive.namelist():
        if name.endswith(".rels"):
            _check_links(archive.read(name))


def _check_links(links: bytes) -> None:
    """No sheet is said to be a chart, which is read as a whole."""
    for link in fromstring(links):
        if "chartsheet" in link.get("Type", "") and "worksheets" in link.get("Target", ""):
            raise UnreadableFile("not_a_workbook")


def _check_part(archive: ZipFile, part: ZipInfo) -> None:
    if _SHEET.fullmatch(part.filename):
        _check_gaps(archive, part, _ROW, MAX_ROW)
    elif part.filename == _TEXTS:
        _check_gaps(archive, part, _TEXT, MAX_TEXT)
        _check_elements(archive, part, MAX_TEXT_ELEMENTS)
    elif part.filename not in _LONG:
        _check_elements(archive, part, MAX_ELEMENTS)


def _check_elements(archive: ZipFile, part: ZipInfo, most: int) -> None:
    found = 0
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            found += len(_ELEMENT.findall(piece))
            if found > most:
                raise UnreadableFile("too_large")


def _check_gaps(archive: ZipFile, part: ZipInfo, beginning: re.Pattern[bytes], most: int) -> None:
    """What lies between two beginnings is in memory at once."""
    window, since = b"", 0
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            window = window[-_CUT:] + piece
            since = 0 if beginning.search(window) else since + len(piece)
            if since > most:
                raise UnreadableFile("too_large")
