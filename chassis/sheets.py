"""Reads the lists that people upload, XLSX or CSV, row by row as texts, however long they are."""

import csv
import re
import warnings
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Iterable, Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any, BinaryIO

from chassis.unzipping import UnreadableFile, check_workbook
from contracts.files import XLSX

#: Stands for a cell whose value was lost before the file came here: an error, a number with more digits than a
#: spreadsheet keeps, a text longer than `MAX_CELL`. Tell the person to enter it again, as text.
DAMAGED = "\N{REPLACEMENT CHARACTER}"
#: Characters of a cell; the longest of a register is an address.
MAX_CELL = 1000
#: Cells of a row.
MAX_CELLS = 200
#: Rows of a file: what a spreadsheet can hold.
MAX_ROWS = 2**20
#: Cells of a file, empty ones too: a million rows have as many in all columns of a register, and take a minute to read.
MAX_READ = 25_000_000
#: Bytes of a line of CSV.
MAX_LINE = 2**16

#: Spreadsheets keep 15 digits of a number; an ID number of 18 that was stored as one has zeros for the last three.
_EXACT = 10**15
#: What is left of such a number in a CSV that a spreadsheet wrote, or in a text copied from one.
_EXPONENT = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]{2,}")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
#: Bytes read at once to learn an encoding.
_PIECE = 2**16

#: A row's number as a spreadsheet shows it, the first is 1, and its cells; empty ones at the end are left out.
Row = tuple[int, tuple[str, ...]]


def rows(file: BinaryIO, media_type: str) -> Iterator[Row]:
    """The rows that hold anything, of the first sheet that is shown.

    Texts are trimmed, dates ISO, numbers plain (`13800001234`, `0.5`); look for `DAMAGED`. `file` must be seekable and
    stay open. Raises UnreadableFile, at once or further down. Opening an XLSX with many texts takes seconds.
    """
    found = _workbook_rows(file) if media_type == XLSX else _text_rows(file)
    read = 0
    for number, cells in enumerate(found, start=1):
        if number > MAX_ROWS:
            raise UnreadableFile("too_many_rows")
        texts = [cell.strip() for cell in cells]
        read += len(texts)
        if read > MAX_READ:
            raise UnreadableFile("too_large")
        written = _trimmed(texts)
        if len(written) > MAX_CELLS:
            raise UnreadableFile("row_too_wide")
        if written:
            yield number, written


def _workbook_rows(file: BinaryIO) -> Iterator[Iterable[str]]:
    check_workbook(file)
    import openpyxl

    # its warnings are about styles and charts, which nobody reads here
    warnings.filterwarnings("ignore", module=r"openpyxl\.")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        # what the file says of its size may be wrong, or thousands of empty columns
        sheet.reset_dimensions()
        for cells in sheet.iter_rows(values_only=True):
            yield map(_text, cells)
    except Exception:
        # a damaged file fails in a hundred ways, and their messages hold values
        raise UnreadableFile("not_a_workbook") from None


def _text_rows(file: BinaryIO) -> Iterator[Iterable[str]]:
    try:
        yield from csv.reader(_lines(file), strict=True)
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableFile("not_csv") from None


def _lines(file: BinaryIO) -> Iterator[str]:
    encoding = _encoding(file)
    file.seek(0)
    file.seek(len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
    # in neither encoding does a line end inside a character
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE or b"\0" in line:
            raise UnreadableFile("not_csv")
        yield line.decode(encoding)


def _encoding(file: BinaryIO) -> str:
    """UTF-8 if all of the file is, else what Chinese spreadsheets write without being asked."""
    file.seek(0)
    decoder = getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _trimmed(texts: list[str]) -> tuple[str, ...]:
    while texts and not texts[-1]:
        texts.pop()
    return tuple(DAMAGED if len(text) > MAX_CELL or _EXPONENT.fullmatch(text) else text for text in texts)


def _text(value: Any) -> str:
    """What people see in a cell, as far as the type of its value tells."""
    match value:
        case None:
            return ""
        case str():
            return DAMAGED if value in _ERRORS else value
        case bool():
            return str(value).upper()
        case int() | float():
            return _number(value)
        case date() | time():
            return value.isoformat().removesuffix("T00:00:00")
    return DAMAGED


def _number(value: float) -> str:
    # what is not a number compares false
    if not abs(value) < _EXACT:
        return DAMAGED
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")
