"""Writes lists that people download as CSV, some rows at a time."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable
from typing import Any


def first_line(headings: Iterable[str]) -> bytes:
    """The beginning of a file: behind the mark without which spreadsheets take Chinese in UTF-8 for something else."""
    return BOM_UTF8 + csv_lines([headings])


def csv_lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows as lines of CSV (RFC 4180) in UTF-8."""
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()
