"""Imports: each row is decided by itself, what is right is stored once, and what is wrong is told without its value."""

from datetime import date

import pytest

from chassis.errors import Refused
from contracts.files import CSV, XLSX
from contracts.membership import imports as contract
from contracts.membership.organisation import ListUnions
from contracts.membership.register import MemberJoined, MemberRetained
from services.membership.imports import checking
from tests.service import rosters
from tests.service.firms import registered
from tests.service.harness import Universe, an_actor
from tests.service.members import applied, member, resident_id
from tests.service.rosters import a_row, asked, csv_of, faults, imported, members, outcome, queued, sent, without_union

pytestmark = pytest.mark.usefixtures("short_batches")

#: In use today as well.
NEWER_NOTICE = "members-2023-09"
RETAINED = {"会籍变化类型": "保留", "会籍变化原因": "失业"}


def test_all_that_a_row_says_of_a_member_is_stored_and_told(universe: Universe) -> None:
    firm = registered(universe, name="Quarry Lathes 林 Limited")
    number = resident_id(born=date(1990, 3, 8))
    row = {
        "序号": "1",
        "姓名": "林小满",
        "性别": "女",
        "出生日期": "1990年3月8日",
        "民族": "汉族",
        "就业状况": "在岗",
        "有效证件类别": "身份证",
        "证件号码": number,
        "学历": "大专",
        "技能等级": "高级工",
        "移动电话": "+86 199-0000-5678",
        "户籍类型": "农业户口",
        "户籍所在地": "安徽省",
        "会籍变化类型": "入会",
        "会籍变化日期": "2022.6.1",
        "政治面貌": "群众",
        "工作单位": firm["uscc"],
        "籍贯": "安徽",
        "是否农民工": "是",
        "会员编号": "M-1",
        "工号": "E-1",
        "职工类别": "职工",
        "是否产业工人": "是",
        "入职日期": "20200501",
    }

    assert outcome(imported(universe, [row])) == (1, 0, 0, 0)

    [view] = members(universe)
    assert (view["name"], view["mobile"], view["birth_year"]) == ("林*满", "199****5678", 1990)
    assert (view["ethnicity"], view["education"], view["skill_level"]) == ("01", "30", "3")
    assert (view["household_region"], view["out_of_province"], view["is_rural_migrant"]) == ("340000", True, True)
    assert (view["employer_id"], view["member_no"], view["employee_no"]) == (firm["id"], "M-1", "E-1")
    assert (view["worker_category"], view["is_industrial_worker"]) == ("10", True)
    assert (view["state"], view["joined_on"], view["employed_since"]) == ("active", "2022-06-01", "2020-05-01")
    [joined] = universe.membership.events_of(view["id"])
    told = {name: value for name, value in joined.data.items() if name in view}
    assert told == {name: view[name] for name in told}
    assert (joined.type, joined.data["channel"]) == (MemberJoined.event_type.type, "import")


def test_a_name_is_stored_without_what_nobody_sees_in_it(universe: Universe) -> None:
    assert outcome(imported(universe, [a_row(姓名="林\u200b小满")])) == (1, 0, 0, 0)

    assert [view["name"] for view in members(universe)] == ["林*满"]


def test_a_retained_member_is_told_to_have_joined_and_to_be_retained(universe: Universe) -> None:
    retired = {"就业状况": "退休", "会籍变化原因": "劳动关系发生变化"}
    assert outcome(imported(universe, [a_row(**RETAINED), a_row(**RETAINED | retired)])) == (0, 2, 0, 0)

    for view in members(universe):
        assert (view["state"], view["effective_on"]) == ("retained", "2022-06-01")
        told = universe.membership.events_of(view["id"])
        assert [event.type for event in told] == [MemberJoined.event_type.type, MemberRetained.event_type.type]
        assert [event.data["state"] for event in told] == ["active", "retained"]
        changed = (
            "SELECT string_agg(change_type, '' ORDER BY change_type) FROM membership_change WHERE membership_id = :id"
        )
        assert asked(universe, changed, id=view["id"]) == "13"


def test_a_workbook_is_read_like_a_list(universe: Universe) -> None:
    rows = [{**a_row(), "会籍变化日期": date(2022, 6, 1), "移动电话": 19900001234} for _ in range(3)]
    file_id = sent(universe, universe.zone_officer, rosters.xlsx_of(rows), XLSX)

    assert outcome(rosters.ended(universe, queued(universe, file_id))) == (3, 0, 0, 0)
    assert {view["joined_on"] for view in members(universe)} == {"2022-06-01"}


def test_rows_name_their_unions_and_belong_to_the_one_of_the_import_unless_they_do(universe: Universe) -> None:
    unions = universe.membership.do(ListUnions, universe.analyst, under=universe.federation)["items"]
    names = {union["id"]: union["name"] for union in unions}
    for union_id in (universe.federation, universe.other.id):  # an id names the one that has it
        universe.founded(name=union_id)
    rows = [a_row(), a_row(所属工会=names[universe.home.id]), a_row(所属工会=universe.other.id)]
    file_id = sent(universe, universe.zone_officer, csv_of(rows))
    asked = rosters.import_fields(universe, file_id, union_id=universe.federation)
    job = universe.membership.do(contract.ImportMembers, universe.zone_officer, **asked)

    assert outcome(rosters.ended(universe, job, universe.zone_officer)) == (3, 0, 0, 0)
    counts = [len(members(universe, union)) for union in (universe.home.id, universe.other.id, universe.federation)]
    assert counts == [1, 1, 3]


def test_an_id_or_a_code_means_the_enterprise_that_has_it_whatever_others_are_called(universe: Universe) -> None:
    firm = registered(universe, name="Weir Looms Limited", short_name="Weir Looms")
    for name in (firm["id"], firm["uscc"]):
        registered(universe, name=name, short_name="Namesake")
    other = registered(universe, name="Sluice Mills Limited", short_name="Weir Looms")
    rows = [a_row(工作单位=each) for each in (firm["id"], firm["uscc"], other["name"], "Weir Looms")]

    job = imported(universe, rows, most_faulty_percent=50)

    assert faults(universe, job) == [(5, "工作单位", "ambiguous_name")]
    assert sorted(view["employer_id"] for view in members(universe)) == sorted([firm["id"], firm["id"], other["id"]])


def test_the_same_file_sent_again_changes_nothing(universe: Universe) -> None:
    rows = [a_row() for _ in range(4)] + [a_row(**RETAINED), a_row(会籍变化日期="")]
    assert outcome(imported(universe, rows, consent_version=NEWER_NOTICE)) == (5, 1, 0, 0)
    told = len(universe.membership.everything())

    assert outcome(imported(universe, rows, consent_version=NEWER_NOTICE)) == (0, 0, 6, 0)
    assert (len(members(universe)), len(universe.membership.everything())) == (6, told)


def test_a_dry_run_says_what_would_become_of_the_rows_and_stores_nothing(universe: Universe) -> None:
    rows = [a_row(), a_row(**RETAINED), a_row(移动电话="1")]
    told = len(universe.membership.everything())

    job = imported(universe, rows, dry_run=True, most_faulty_percent=50)

    assert (outcome(job), job["result"]["dry_run"], job["done"], job["total"]) == ((1, 1, 0, 1), True, 3, 3)
    assert (members(universe), len(universe.membership.everything())) == ([], told)
    assert faults(universe, job) == [(4, "移动电话", "mobile_format")]


@pytest.mark.parametrize(("percent", "state"), [(33, "failed"), (34, "done")])
def test_too_many_faulty_rows_keep_all_rows_out(universe: Universe, percent: int, state: str) -> None:
    job = imported(universe, [a_row(), a_row(), a_row(姓名="")], most_faulty_percent=percent)

    assert job["state"] == state
    assert len(members(universe)) == (2 if state == "done" else 0)
    assert [line["code"] for line in rosters.report(universe, job)] == ["required"]
    if state == "failed":
        assert job["failure"]["code"] == "too_many_faults"
        assert job["failure"]["params"] == {"faulty": "1", "rows": "3", "percent": "33", "most": "20000"}
        assert job["failure"]["messages"]["en"].startswith("1 of 3 rows are faulty; 33 % may be")


@pytest.mark.parametrize(("percent", "too_many"), [(66, True), (67, False)])
def test_a_dry_run_ends_with_its_counts_and_faults_however_many_rows_are_faulty(
    universe: Universe, percent: int, too_many: bool
) -> None:
    rows = [a_row(), a_row(姓名=""), a_row(性别="妇", 证件号码="1", 移动电话="1", 工作单位="Nobody's firm")]

    job = imported(universe, rows, dry_run=True, most_faulty_percent=percent)

    assert (outcome(job), job["result"]["too_many_faults"]) == ((1, 0, 0, 2), too_many)
    told = [(3, "姓名"), (4, "工作单位"), (4, "性别"), (4, "移动电话"), (4, "证件号码")]
    assert [(row, heading) for row, heading, _ in faults(universe, job)] == told
    assert [(int(line["row"]), line["field"]) for line in rosters.report(universe, job)] == told


def test_of_a_dry_run_of_a_hopeless_file_the_rows_are_counted_up_to_where_it_is_given_up(
    universe: Universe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_FAULTY", 2)
    monkeypatch.setattr(checking, "BATCH", 3)

    job = imported(universe, [a_row(姓名="")] * 5, dry_run=True, most_faulty_percent=100)

    assert (outcome(job), job["result"]["too_many_faults"]) == ((0, 0, 0, 3), True)


#: What may be wrong in a row, under which heading and by which code it is told.
WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "no name": ({"姓名": ""}, "姓名", "required"),
    "no number": ({"证件号码": " "}, "证件号码", "required"),
    "no mobile": ({"移动电话": ""}, "移动电话", "required"),
    "a name too long": ({"姓名": "林" * 61}, "姓名", "text_length"),
    "a name of nothing to see": ({"姓名": "\u200b"}, "姓名", "unseen_text"),
    "a lost cell": ({"移动电话": "1.99E+10"}, "移动电话", "damaged_cell"),
    "a check digit": ({"证件号码": "330199199003080024"}, "证件号码", "resident_id_check_digit"),
    "fifteen digits": ({"证件号码": "330199900308002"}, "证件号码", "resident_id_fifteen_digits"),
    "the other sex": ({"性别": "男"}, "证件号码", "resident_id_sex"),
    "another birth date": ({"出生日期": "1950-01-01"}, "出生日期", "birth_date_differs"),
    "a passport without birth date": ({"有效证件类别": "护照", "证件号码": "E1234567"}, "出生日期", "required"),
    "a passport of no form": ({"有效证件类别": "护照", "证件号码": "1"}, "证件号码", "document_form"),
    "an unknown sex": ({"性别": "妇"}, "性别", "unknown_code"),
    "an unknown ethnicity": ({"民族": "汉人"}, "民族", "unknown_code"),
    "an unknown education": ({"学历": "高"}, "学历", "unknown_code"),
    "no date": ({"会籍变化日期": "2022-02-30"}, "会籍变化日期", "not_a_date"),
    "a number for a date": ({"出生日期": "44712"}, "出生日期", "not_a_date"),
    "a date that cannot be told": ({"入职日期": "1800-01-01"}, "入职日期", "date_range"),
    "a day to come": ({"会籍变化日期": "2999-01-01"}, "会籍变化日期", "date_in_future"),
    "no region": ({"户籍所在地": "余杭"}, "户籍所在地", "not_a_region_code"),
    "neither yes nor no": ({"是否农民工": "也许"}, "是否农民工", "not_a_boolean"),
    "a change of another kind": ({"会籍变化类型": "转入"}, "会籍变化类型", "unknown_code"),
    "no reason to retain": ({"会籍变化类型": "保留"}, "会籍变化原因", "required"),
    "a reason to end": (RETAINED | {"会籍变化原因": "个人要求退会"}, "会籍变化原因", "reason_does_not_retain"),
    "retired": ({"就业状况": "退休"}, "就业状况", "retired_cannot_join"),
    "a notice of other days": ({"会籍变化日期": "2024-05-01"}, "会籍变化日期", "consent_missing"),
    "an unknown union": ({"所属工会": "Nobody's union"}, "所属工会", "unknown_union"),
    "an unknown firm": ({"工作单位": "Nobody's firm"}, "工作单位", "unknown_enterprise"),
    "a member number too long": ({"会员编号": "9" * 41}, "会员编号", "text_length"),
}


def test_every_fault_is_told_by_row_heading_and_code_and_never_by_its_value(
    universe: Universe, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    rows = [a_row(**changes) for changes, _, _ in WRONG.values()]
    expected = [(number, heading, code) for number, (_, heading, code) in enumerate(WRONG.values(), start=2)]

    job = imported(universe, rows, most_faulty_percent=100)

    assert faults(universe, job) == faults(universe, job, limit=7) == expected
    lines = rosters.report(universe, job)
    assert [(int(line["row"]), line["field"], line["code"]) for line in lines] == expected
    assert all(line["zh"].endswith("。") and line["en"].endswith(".") for line in lines)
    rows_kept = "(SELECT string_agg(f::text, '') FROM import_fault f) || (SELECT string_agg(j::text, '') FROM job j)"
    kept = asked(universe, f"SELECT {rows_kept}") + str(lines) + "".join(capfd.readouterr()) + caplog.text
    assert [each for each in rosters.texts(rows) if len(each) > 4 and each in kept] == []


@pytest.mark.parametrize("age", [15, 121])
def test_nobody_joins_before_sixteen_or_after_a_hundred_and_twenty(universe: Universe, age: int) -> None:
    number = resident_id(born=date(2022 - age, 5, 1))

    job = imported(universe, [a_row(证件号码=number)], most_faulty_percent=100)

    assert faults(universe, job) == [(2, "证件号码", "resident_id_age")]


def test_of_somebody_who_stands_in_the_file_twice_the_first_row_counts(universe: Universe) -> None:
    number = resident_id()
    rows = [
        a_row(证件号码=number, 移动电话="1"),
        a_row(证件号码=number),
        a_row(),
        a_row(),
        a_row(证件号码=number.lower()),
    ]

    job = imported(universe, rows, most_faulty_percent=50)

    assert outcome(job) == (3, 0, 0, 2)
    assert faults(universe, job) == [(2, "移动电话", "mobile_format"), (6, "证件号码", "given_twice")]


def test_who_belongs_to_a_union_or_waits_for_one_is_told_and_left_as_it_is(universe: Universe) -> None:
    numbers = [resident_id() for _ in range(5)]
    member(universe, universe.other, person={"document_no": numbers[0]})
    applied(universe, person={"document_no": numbers[1]})
    for number in numbers[2:]:
        member(universe, person={"document_no": number})
    rows = [a_row(证件号码=number) for number in numbers]
    rows[3] |= RETAINED
    rows[4]["会籍变化日期"] = "2022-06-02"

    job = imported(universe, rows, most_faulty_percent=100)

    assert outcome(job) == (0, 0, 1, 4)
    assert faults(universe, job) == [
        (2, "证件号码", "already_a_member"),
        (3, "证件号码", "application_pending"),
        (5, "会籍变化类型", "already_a_member"),
        (6, "会籍变化日期", "already_a_member"),
    ]


def test_a_person_whom_the_register_knows_without_a_union_becomes_a_member_under_the_same_key(
    universe: Universe,
) -> None:
    number = resident_id()
    subject_key = without_union(universe, number)

    assert outcome(imported(universe, [a_row(证件号码=number, 移动电话="13900009876"), a_row()])) == (2, 0, 0, 0)

    found = {view["subject_key"]: view for view in members(universe)}
    assert found[subject_key]["mobile"] == "139****9876"


def test_an_import_and_its_file_are_their_senders_alone(universe: Universe) -> None:
    file_id = sent(universe, universe.zone_officer, csv_of([a_row()]))
    job = queued(universe, file_id)
    colleague = an_actor(universe.zone_officer.grants[0].role, universe.home.id)
    others = {"union_id": universe.home.id, "file_id": file_id, "consent_version": rosters.NOTICE}

    with pytest.raises(Refused, match="unknown_file"):
        universe.membership.do(contract.ImportMembers, colleague, **others)
    for request in (contract.GetImport, contract.CancelImport, contract.ListImportFaults, contract.FetchImportReport):
        with pytest.raises(Refused, match="not_found"):
            universe.membership.do(request, colleague, import_id=job["id"])
    rosters.ended(universe, job)


@pytest.mark.parametrize(
    ("data", "media_type", "code", "field"),
    [
        (b"PK", XLSX, "not_a_workbook", None),
        (b'"', CSV, "not_csv", None),
        (b"\n", CSV, "missing_column", "姓名"),
        ("姓名,证件号码\n".encode(), CSV, "missing_column", "移动电话"),
        ("姓名,证件号码,电话\n".encode(), CSV, "unknown_column", "C"),
        ("姓名,证件号码,移动电话,姓 名*\n".encode("gb18030"), CSV, "given_twice", "姓名"),
    ],
)
def test_a_file_that_is_no_list_of_members_ends_its_import(
    universe: Universe, data: bytes, media_type: str, code: str, field: str | None
) -> None:
    job = rosters.ended(universe, queued(universe, sent(universe, universe.zone_officer, data, media_type)))

    assert (job["state"], job["failure"]["code"], job["failure"]["field"]) == ("failed", code, field)


def test_an_account_has_three_imports_waiting_or_at_work_and_others_have_their_own(universe: Universe) -> None:
    colleague = an_actor(universe.zone_officer.grants[0].role, universe.home.id)
    file_id = sent(universe, universe.zone_officer, csv_of([a_row()]))
    jobs = [queued(universe, file_id) for _ in range(3)]

    with pytest.raises(Refused, match="too_many_jobs") as refused:
        queued(universe, file_id)
    assert refused.value.params == {"most": "3"}
    theirs = rosters.import_fields(universe, sent(universe, colleague, csv_of([a_row()])))
    theirs = universe.membership.do(contract.ImportMembers, colleague, **theirs)
    for job in jobs:
        assert rosters.ended(universe, job)["state"] == "done"
    assert outcome(rosters.ended(universe, queued(universe, file_id))) == (0, 0, 1, 0)
    assert rosters.ended(universe, theirs, colleague)["state"] == "done"


@pytest.mark.parametrize("cursor", ["nonsense", "wrIgWA", "LTEgWA"])
def test_a_cursor_of_somebody_elses_making_is_refused(universe: Universe, cursor: str) -> None:
    job = imported(universe, [a_row()])

    with pytest.raises(Refused, match="invalid_request"):
        universe.membership.do(contract.ListImportFaults, universe.zone_officer, import_id=job["id"], cursor=cursor)


def test_a_notice_that_nobody_knows_is_no_consent(universe: Universe) -> None:
    file_id = sent(universe, universe.zone_officer, csv_of([a_row()]))

    with pytest.raises(Refused, match="consent_missing"):
        queued(universe, file_id, consent_version="members-1999")


def test_nothing_that_tells_who_somebody_is_lies_open_in_the_database(universe: Universe) -> None:
    rows = [a_row(姓名="欧阳满满", 移动电话="19955512345") for _ in range(2)]
    job = imported(universe, rows)

    assert asked(universe, "SELECT count(*) FROM file WHERE owner_id = :id", id=job["id"]) == 0
    query = """
        SELECT (SELECT string_agg(row_to_json(p)::text, '') FROM person p)
            || (SELECT string_agg(body::text, '') FROM outbox)
            || (SELECT string_agg(encode(sealed, 'escape'), '') FROM file_chunk)
    """
    kept = asked(universe, query)
    assert [each for each in rosters.texts(rows) if each in kept or each.encode().hex() in kept] == []
