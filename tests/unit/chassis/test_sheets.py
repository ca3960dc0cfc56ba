"""Uploaded lists: every cell as the text that people see, lost digits marked, and no file that fills the memory."""

from collections.abc import Iterable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.chart import BarChart

from chassis import sheets, unzipping
from chassis.sheets import DAMAGED, rows
from chassis.unzipping import UnreadableFile
from contracts.files import CSV, XLSX

PEOPLE = [["姓名", "证件号码"], ["李小娟", "330110200203070019"], [], ["黄丽", "51082419880229003X"]]
READ = [(1, ("姓名", "证件号码")), (2, ("李小娟", "330110200203070019")), (4, ("黄丽", "51082419880229003X"))]


def workbook(lines: Iterable[Iterable[Any]]) -> BytesIO:
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append(list(line))
    return saved(book)


def saved(book: openpyxl.Workbook) -> BytesIO:
    file = BytesIO()
    book.save(file)
    return file


def changed(file: BytesIO, part: str, old: bytes, new: bytes, **added: bytes) -> BytesIO:
    """The workbook with one part rewritten, as our writer would not write it, and further parts."""
    made = BytesIO()
    with ZipFile(file) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for name, content in added.items():
            after.writestr(name, content)
        for name in before.namelist():
            content = before.read(name)
            assert name != part or old in content
            after.writestr(name, content.replace(old, new, 1) if name == part else content)
    return made


def read(file: BytesIO, media_type: str) -> list[tuple[int, tuple[str, ...]]]:
    return list(rows(file, media_type))


def refusal(file: BytesIO, media_type: str) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read(file, media_type)
    assert raised.value.__cause__ is None
    return raised.value.code


def test_a_workbook_gives_its_rows_under_the_numbers_that_people_see() -> None:
    assert read(workbook(PEOPLE), XLSX) == READ


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_in_every_encoding_that_spreadsheets_write(encoding: str, end: str) -> None:
    text = end.join(",".join(line) for line in PEOPLE)
    assert read(BytesIO(text.encode(encoding)), CSV) == READ


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  李小娟 ", "李小娟"),
        (13800001234, "13800001234"),
        (13800001234.0, "13800001234"),
        (0.5, "0.5"),
        (1e-7, "0.0000001"),
        (-3, "-3"),
        (999999999999999, "999999999999999"),
        (date(1990, 3, 7), "1990-03-07"),
        (datetime(1990, 3, 7), "1990-03-07"),  # noqa: DTZ001 - cells have no zone
        (datetime(1990, 3, 7, 8, 30), "1990-03-07T08:30:00"),  # noqa: DTZ001
        (time(8, 30), "08:30:00"),
        (True, "TRUE"),
        ("330110200203070019", "330110200203070019"),
        (330110200203070019, DAMAGED),
        (3.3011020020307e17, DAMAGED),
        (10**15, DAMAGED),
        ("3.30110200203070E+17", DAMAGED),
        ("#N/A", DAMAGED),
        ("x" * sheets.MAX_CELL, "x" * sheets.MAX_CELL),
        ("x" * (sheets.MAX_CELL + 1), DAMAGED),
    ],
)
def test_a_cell_of_a_workbook_is_the_text_that_people_see(value: Any, text: str) -> None:
    assert read(workbook([[value, "end"]]), XLSX) == [(1, (text, "end"))]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("3.3011E+17", DAMAGED),
        ("3E+17", DAMAGED),
        ("13800001234", "13800001234"),
        ("E12345678", "E12345678"),
        ('"a, ""b"""', 'a, "b"'),
        ('"two\nlines"', "two\nlines"),
        ("\t330110200203070019", "330110200203070019"),
        ("x" * (sheets.MAX_CELL + 1), DAMAGED),
    ],
)
def test_a_cell_of_csv_is_the_text_that_people_see(cell: str, text: str) -> None:
    assert read(BytesIO(f"{cell},end\n".encode()), CSV) == [(1, (text, "end"))]


@given(st.lists(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1, max_size=5)))
def test_a_list_of_plain_texts_comes_back_from_both(lines: list[list[str]]) -> None:
    expected = [(number, tuple(line)) for number, line in enumerate(lines, start=1)]
    csv_file = BytesIO("".join(f"{','.join(line)}\n" for line in lines).encode())
    assert read(workbook(lines), XLSX) == read(csv_file, CSV) == expected


def test_hidden_sheets_are_passed_over() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["codes"])
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("people").append(["李小娟"])
    book.active = 1
    assert read(saved(book), XLSX) == [(1, ("李小娟",))]


def test_what_a_sheet_says_of_its_size_is_not_believed() -> None:
    lying = changed(workbook([["a", "b"]]), "xl/worksheets/sheet1.xml", b'ref="A1:B1"', b'ref="A1:XFD1048576"')
    assert read(lying, XLSX) == [(1, ("a", "b"))]


def test_the_file_stays_open_and_can_be_read_again() -> None:
    for file, media_type in ((workbook(PEOPLE), XLSX), (BytesIO("a,b\n".encode("gb18030")), CSV)):
        assert read(file, media_type) == read(file, media_type)


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", XLSX, "not_a_workbook"),
        (b"name,number", XLSX, "not_a_workbook"),
        (workbook(PEOPLE).getvalue()[:-200], XLSX, "not_a_workbook"),
        (b"\xff\xfea\0b\0", CSV, "not_csv"),
        (b"a,\xff\xff", CSV, "not_csv"),
        (b"a,b\rc,d", CSV, "not_csv"),
        (b'"never closed\n' * 50_000, CSV, "not_csv"),
        (b"no end of line" * 10_000, CSV, "not_csv"),
        (b"," * (sheets.MAX_CELLS) + b"end", CSV, "row_too_wide"),
    ],
)
def test_what_is_no_list_is_refused_with_a_code(content: bytes, media_type: str, code: str) -> None:
    assert refusal(BytesIO(content), media_type) == code


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("note.txt", "hello")
    assert refusal(file, XLSX) == "not_a_workbook"


def test_xml_entities_are_not_expanded() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet'
    file = changed(workbook(PEOPLE), "xl/worksheets/sheet1.xml", b"<worksheet", entity)
    assert refusal(file, XLSX) == "not_a_workbook"


@pytest.mark.parametrize(
    ("part", "encoding"), [("xl/styles.xml", "utf-8"), ("xl/styles.xml", "utf-16"), ("[Content_Types].xml", "utf-8")]
)
def test_a_part_of_more_elements_than_the_reader_can_hold_is_refused_before_it_is_read(
    part: str, encoding: str
) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    content = f"{declared}<styleSheet><cellXfs>{'<xf/>' * 100_000}</cellXfs></styleSheet>".encode(encoding)
    with ZipFile(before := workbook(PEOPLE)) as archive:
        whole = archive.read(part)
    assert refusal(changed(before, part, whole, content), XLSX) == "too_large"


def test_a_part_that_grows_beyond_measure_is_refused_before_it_is_unpacked() -> None:
    file = changed(workbook(PEOPLE), "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData>" + b" " * 60_000_000)
    assert refusal(file, XLSX) == "too_large"


@pytest.mark.parametrize(
    ("limit", "value"),
    [("MAX_UNPACKED", 1000), ("MAX_WHOLE", 100), ("MAX_ELEMENTS", 3), ("MAX_PARTS", 3), ("MAX_ROW", 1000)],
)
def test_each_limit_of_an_archive_holds(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    file = workbook([[f"{number}-{number * number}" for number in range(100)]])
    monkeypatch.setattr(unzipping, "_PIECE", 200)
    monkeypatch.setattr(unzipping, limit, value)
    assert refusal(file, XLSX) == "too_large"


def test_cells_that_hold_nothing_are_read_within_bounds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_READ", 1000)
    file = changed(
        workbook(PEOPLE), "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData><row>%s</row>" % (b"<c/>" * 1001)
    )
    assert refusal(file, XLSX) == "too_large"
    assert refusal(BytesIO(b"," * 1000), CSV) == "too_large"


def with_texts(texts: bytes, place: str = "xl/sharedStrings.xml") -> BytesIO:
    """A workbook whose one cell shows the second of the texts that cells share."""
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = b'<Override PartName="/%s" ContentType="%s"/></Types>' % (place.encode(), kind)
    part = b'<sst xmlns="%s">%s</sst>' % (namespace, texts)
    file = changed(workbook([[1]]), "xl/worksheets/sheet1.xml", b't="n"><v>1<', b't="s"><v>1<', **{place: part})
    return changed(file, "[Content_Types].xml", b"</Types>", entry)


@pytest.mark.parametrize("place", ["xl/sharedStrings.xml", "xl/worksheets/texts.xml"])
def test_texts_that_cells_share_are_read_from_their_own_place_only(place: str) -> None:
    shared = with_texts(b"<si><t>one</t></si><si><t>\xe6\x9d\x8e\xe5\xa8\x9f</t></si>", place)

    if place == "xl/sharedStrings.xml":
        assert read(shared, XLSX) == [(1, ("李娟",))]
    else:
        assert refusal(shared, XLSX) == "not_a_workbook"


@pytest.mark.parametrize("texts", [b"<si/>" * 4_100_000, b"<si>" + b"<r/>" * 500_000 + b"</si>"])
def test_texts_are_refused_before_they_are_read_where_they_fill_the_memory(texts: bytes) -> None:
    assert refusal(with_texts(texts), XLSX) == "too_large"


@pytest.mark.parametrize("place", ["xl/sharedStrings.xml", "xl/calcChain.xml", "xl/worksheets/sheet1.xml"])
def test_nothing_else_hides_where_a_part_may_be_long(place: str) -> None:
    file = changed(workbook(PEOPLE), "[Content_Types].xml", b"/xl/workbook.xml", b"/" + place.encode())
    assert refusal(file, XLSX) == "not_a_workbook"


def test_a_chart_does_not_hide_among_the_sheets_which_may_be_long() -> None:
    book = openpyxl.load_workbook(workbook(PEOPLE))
    book.create_chartsheet().add_chart(BarChart())
    parts = ("sheet1.xml", "_rels/sheet1.xml.rels")
    with ZipFile(honest := saved(book)) as archive:
        charts = [archive.read(f"xl/chartsheets/{part}") for part in parts]
    hidden = {
        f"xl/worksheets/{part.replace('sheet1', 'chart')}": chart for part, chart in zip(parts, charts, strict=True)
    }
    links = "xl/_rels/workbook.xml.rels"

    assert read(honest, XLSX) == READ
    assert (
        refusal(changed(honest, links, b"chartsheets/sheet1", b"worksheets/chart", **hidden), XLSX) == "not_a_workbook"
    )


def test_the_links_of_a_sheet_are_bounded_like_any_part_that_is_read_as_a_whole() -> None:
    links = {
        "xl/worksheets/_rels/sheet1.xml.rels": b"<Relationships>%s</Relationships>" % (b"<Relationship/>" * 100_001)
    }
    assert refusal(changed(workbook(PEOPLE), "xl/workbook.xml", b"", b"", **links), XLSX) == "too_large"


@pytest.mark.parametrize("number", [2**20 + 1, 10**15])
def test_a_row_whose_number_no_spreadsheet_has_ends_the_file(number: int) -> None:
    file = changed(workbook([["a"]]), "xl/worksheets/sheet1.xml", b'<row r="1"', b'<row r="%d"' % number)
    assert refusal(file, XLSX) == "too_many_rows"


def test_a_refusal_shows_no_value() -> None:
    file = changed(workbook([[1]]), "xl/worksheets/sheet1.xml", b"<v>1</v>", b"<v>13800001234x</v>")
    with pytest.raises(UnreadableFile) as raised:
        read(file, XLSX)
    assert (str(raised.value), raised.value.__suppress_context__) == ("not_a_workbook", True)
