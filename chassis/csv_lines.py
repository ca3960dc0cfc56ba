"""Writes lists that people download as CSV, some rows at a time."""

import csv
import io
from collections.abc import Iterable
from typing import Any


def csv_lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows as lines of CSV (RFC 4180) in UTF-8."""
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()
