"""Tells a platform of people in every way that it takes and refuses them, so that a test can look for what it wrote."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import requests

from contracts.membership.imports import CSV, XLSX
from demo.loading.members import CONSENT
from tests.integration.harness import Account, ended
from tests.integration.shop import DAY, Shop, somebody

APPLICATIONS = "/v1/memberships/applications"
#: While this is held nobody can store an application, and PostgreSQL ends the statement of whoever tries.
STUCK = "LOCK TABLE membership_application IN ACCESS EXCLUSIVE MODE"
#: PostgreSQL refuses every new person, and tells whoever asked the whole row.
FULL = "nobody_more"
_FILL = f"ALTER TABLE person ADD CONSTRAINT {FULL} CHECK (false) NOT VALID"
_EMPTY = f"ALTER TABLE person DROP CONSTRAINT {FULL}"

Person = Mapping[str, Any]
Row = dict[str, str]

#: What may be wrong with a row that tells of somebody.
WRONG: Mapping[str, Callable[[Person], Row]] = {
    "another check digit": lambda person: {"证件号码": with_another_check_digit(person["document_no"])},
    "fifteen digits": lambda person: {"证件号码": person["document_no"][:6] + person["document_no"][8:17]},
    "a mobile number too long": lambda person: {"移动电话": f"{person['mobile']}0"},
    "no mobile number": lambda _: {"移动电话": ""},
    "a name too long": lambda person: {"姓名": person["name"] * 5},
    "a name for a sex": lambda person: {"性别": person["name"]},
    "a name for a date": lambda person: {"出生日期": person["name"]},
    "a number for a region": lambda person: {"户籍所在地": person["document_no"]},
    "a name for a union": lambda person: {"所属工会": person["name"]},
    "a name for a firm": lambda person: {"工作单位": person["name"]},
    "numbers for a member number": lambda person: {"会员编号": person["document_no"] * 3},
    "another birth date": lambda _: {"出生日期": "1950-01-01"},
    "a passport of no form": lambda person: {"有效证件类别": "护照", "证件号码": person["mobile"]},
}
#: Rows of each list that are right.
GOOD = 5
_HEADINGS = (
    "姓名", "证件号码", "移动电话", "会籍变化日期", "性别", "出生日期", "户籍所在地", "所属工会", "工作单位",
    "会员编号", "有效证件类别",
)  # fmt: skip


def with_another_check_digit(document_no: str) -> str:
    return document_no[:17] + ("0" if document_no[17] != "0" else "1")


@dataclass
class Planter:
    """Knows every value that it told, and everything it was answered."""

    shop: Shop
    officer: Account
    values: set[str] = field(default_factory=set)
    answers: list[tuple[str, bytes]] = field(default_factory=list)

    def person(self) -> dict[str, Any]:
        """Somebody whose values are looked for."""
        person = somebody()
        self.values.update(person.values())
        return person

    def apply(self, person: Person, key: str | None = None) -> requests.Response:
        """Bring in an application."""
        return self.heard(self.officer.post(APPLICATIONS, self.shop.application(dict(person)), key))

    def ask_amiss(self, person: Person) -> Iterator[requests.Response]:
        """Tell of somebody where nobody asked."""
        name, number, mobile = (person[each] for each in ("name", "document_no", "mobile"))
        yield self.heard(self.officer.get(APPLICATIONS, name=name, state=mobile))
        yield self.heard(self.officer.get(f"/v1/members/{number}"))
        yield self.heard(self.officer.get("/v1/members", subject_key=number, member_no=name))
        yield self.heard(
            self.officer.post(APPLICATIONS, {**self.shop.application({"name": [name]}), "union_id": mobile})
        )
        yield self.heard(self.officer.post(APPLICATIONS, f'{{"name": "{name}", {number}'.encode()))
        yield self.heard(self.officer.post("/v1/sessions", {"username": name, "password": number}))

    def import_lists(self, known: Sequence[Person]) -> None:
        """Import good and bad rows, at first without storing any; `known` are people whom the register has."""
        for write, media_type in _FORMS:
            rows = [self.row(person) for person in known] + self.rows()
            file_id = self.send(write(rows), media_type)
            for dry_run in (True, False):
                result = self.import_file(file_id, dry_run)["result"]
                assert (result["rows"], result["joined"]) == (len(rows), GOOD)

    def import_damaged(self) -> None:
        """Import files that cannot be read, or hold no such list."""
        for content, media_type in self.damaged():
            assert self.import_file(self.send(content, media_type))["failure"]["code"] != "internal_error"

    def send(self, content: bytes, media_type: str = CSV) -> str:
        """Send a file; gives its id."""
        file = self.heard(self.officer.post("/v1/memberships/import-files", content, Content_Type=media_type))
        return str(file.json()["id"])

    def import_file(self, file_id: str, dry_run: bool = False) -> Mapping[str, Any]:
        """Import a file and read all that is told of it; gives the ended job."""
        wanted = {"union_id": self.shop.union, "file_id": file_id, "consent_version": CONSENT}
        wanted |= {"dry_run": dry_run, "most_faulty_percent": 100}
        path = f"/v1/memberships/imports/{self.heard(self.officer.post('/v1/memberships/import', wanted)).json()['id']}"
        job = ended(self.officer, path)
        for each in (path, f"{path}/faults", f"{path}/report"):
            self.heard(self.officer.get(each))
        return job

    def rows(self) -> list[Row]:
        """People who may join, one of them twice, and somebody for each thing that may be wrong."""
        wrong = [self.row(person) | changes(person) for changes in WRONG.values() for person in [self.person()]]
        self.values.update(row["证件号码"] for row in wrong)
        twice = self.row(self.person())
        return [*(self.row(self.person()) for _ in range(GOOD - 1)), twice, *wrong, twice]

    def row(self, person: Person) -> Row:
        """A row of a file."""
        usual = {"姓名": person["name"], "证件号码": person["document_no"], "移动电话": person["mobile"]}
        return {**dict.fromkeys(_HEADINGS, ""), **usual, "会籍变化日期": DAY}

    def damaged(self) -> Iterator[tuple[bytes, str]]:
        """Files that cannot be read, or hold no such list."""

        def text() -> str:
            return listed([self.row(self.person())])

        yield text().partition("\n")[2].encode(), CSV
        yield text().replace("证件号码", "", 1).encode(), CSV
        yield text().encode() + b'"\xff\xfe', CSV
        yield text().replace(",", ',"', 9).encode(), CSV
        yield text().encode("utf-16"), CSV
        yield text().encode(), XLSX
        whole = workbook([self.row(self.person())])
        yield whole[: len(whole) // 2], XLSX
        yield whole, CSV

    @contextmanager
    def filled(self) -> Iterator[None]:
        """Nobody new can be stored meanwhile."""
        self.shop.town.books.run("membership", _FILL)
        try:
            yield
        finally:
            self.shop.town.books.run("membership", _EMPTY)

    def heard(self, answer: requests.Response) -> requests.Response:
        """Keep an answer."""
        self.answers.append((f"{answer.request.method} {answer.url}", answer.content + repr(answer.headers).encode()))
        return answer


def listed(rows: Sequence[Row]) -> str:
    """Rows as a list with headings."""
    file = io.StringIO()
    table = csv.DictWriter(file, _HEADINGS)
    table.writeheader()
    table.writerows(rows)
    return file.getvalue()


def workbook(rows: Sequence[Row]) -> bytes:
    """Rows as a spreadsheet."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for cells in (_HEADINGS, *(row.values() for row in rows)):
        book.active.append(list(cells))
    book.save(file)
    return file.getvalue()


#: How a list may be written.
_FORMS: Sequence[tuple[Callable[[Sequence[Row]], bytes], str]] = (
    (lambda rows: listed(rows).encode(), CSV),
    (lambda rows: listed(rows).encode("gb18030"), CSV),
    (workbook, XLSX),
)
