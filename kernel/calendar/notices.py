"""The State Council announces each year's holidays in a notice; this module reads such notices and refuses bad ones."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

#: `date.weekday()` of Saturday; days from here on are the weekly rest.
SATURDAY = 5


class NoticeError(ValueError):
    """The holiday notice cannot be used; correct the file before loading it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One yearly notice: `holidays` are the days declared off, `make_up_days` the weekend days declared working.

    A notice rules its own year and may reach into the last days of the year before (2022-12-31 stands in that of 2023).
    """

    year: int
    reference: str
    issued_on: date
    certainty: str
    holidays: frozenset[date]
    make_up_days: frozenset[date]

    @classmethod
    def from_path(cls, path: Path) -> "Notice":
        """Read a notice from a TOML file of the form of `kernel/calendar/2023.toml`; raise `NoticeError`."""
        return cls.from_mapping(tomllib.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> "Notice":
        """Build a notice from parsed TOML or JSON-like data whose dates are `datetime.date`; raise `NoticeError`."""
        try:
            notice = cls(
                year=data["year"],
                reference=data["reference"],
                issued_on=data["issued_on"],
                certainty=data["certainty"],
                holidays=frozenset(day for holiday in data["holiday"] for day in _days(holiday["from"], holiday["to"])),
                make_up_days=frozenset(day for holiday in data["holiday"] for day in holiday.get("make_up", ())),
            )
        except KeyError as missing:
            raise NoticeError(f"the notice has no field {missing}") from missing
        notice._check()
        return notice

    def _check(self) -> None:
        first, last = date(self.year - 1, 12, 1), date(self.year, 12, 31)
        for day in sorted(self.holidays | self.make_up_days):
            if not first <= day <= last:
                raise NoticeError(f"{day} does not belong to the notice of {self.year}")
        for day in sorted(self.make_up_days):
            if day.weekday() < SATURDAY or day in self.holidays:
                raise NoticeError(f"{day} cannot be made a working day: it is one already, or declared off")


def published() -> tuple[Notice, ...]:
    """Return the notices shipped with the program, oldest first."""
    found = (entry for entry in files(__package__).iterdir() if entry.name.endswith(".toml"))
    notices = (Notice.from_mapping(tomllib.loads(entry.read_text(encoding="utf-8"))) for entry in found)
    return tuple(sorted(notices, key=lambda notice: notice.year))


def _days(first: date, last: date) -> Iterator[date]:
    if first > last:
        raise NoticeError(f"a holiday ends on {last}, before it begins on {first}")
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
