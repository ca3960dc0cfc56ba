"""Consent is worth as much as what was told before it, so each notice has a version and the days of its use."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class PrivacyNotice:
    """One notice to those who join a union (个人信息保护法 art 17).

    `valid_to` is the first day on which it is no longer handed out; None leaves the end open.
    """

    version: str
    valid_from: date
    valid_to: date | None

    @property
    def days(self) -> str:
        """The days of its use in words, the last one included."""
        if self.valid_to is None:
            return f"from {self.valid_from}"
        return f"{self.valid_from} to {self.valid_to - timedelta(days=1)}"

    def was_in_use(self, since: date, until: date) -> bool:
        """Say whether somebody may have agreed to it on one of these days, both included."""
        return self.valid_from <= until and (self.valid_to is None or since < self.valid_to)


@cache
def notices() -> Mapping[str, PrivacyNotice]:
    """Give every notice that was ever handed out, by version."""
    text = resources.files("kernel.data").joinpath("privacy_notices.csv").read_text(encoding="utf-8")
    found = (_notice(row) for row in csv.DictReader(text.splitlines()))
    return MappingProxyType({notice.version: notice for notice in found})


def was_in_use(version: str, since: date, until: date) -> bool:
    """Say whether there is a notice of this version that was handed out on one of these days, both included."""
    notice = notices().get(version)
    return notice is not None and notice.was_in_use(since, until)


def _notice(row: Mapping[str, str]) -> PrivacyNotice:
    return PrivacyNotice(
        version=row["version"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )
