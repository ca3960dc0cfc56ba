"""Members by the thousand: a file of the real-name register is checked row by row, then stored as a job."""

from contracts import fields
from contracts.declare import Request, Scope, command, get, post, query
from contracts.files import CSV, XLSX, UploadedFile, UploadRequest
from contracts.jobs import job_view
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema

#: Roles that import whom unions have admitted on paper; whoever is still to be decided on applies (R-MEM-02).
IMPORTERS = (Role.ZONE_OFFICER, Role.IMPORTER)


class ImportOutcome(Schema):
    """What became of the rows of a file."""

    rows = fields.Count(
        required=True, metadata={"description": "Of a file with more than 20,000 bad rows, those up to there"}
    )
    joined = fields.Count(required=True, metadata={"description": "New members that count"})
    retained = fields.Count(required=True, metadata={"description": "New members whose membership is retained"})
    unchanged = fields.Count(required=True, metadata={"description": "Already in this union as the row says"})
    faulty = fields.Count(required=True, metadata={"description": "Rows that were left out; see the faults"})
    dry_run = fields.Flag(required=True)
    too_many_faults = fields.Flag(
        required=True, metadata={"description": "Of a dry run: the import itself would fail and store nothing"}
    )


MemberImport = job_view("MemberImport", ImportOutcome)


@command(
    post("/v1/memberships/import-files", 201),
    reply=UploadedFile,
    roles=IMPORTERS,
    upload=(XLSX, CSV),
)
class UploadMembers(UploadRequest):
    """Send a file of members, XLSX or CSV; it is kept for seven days, and for its owner only.

    The first row holds the headings of the real-name register: 姓名, 证件号码 and 移动电话, which every row
    fills in, and any of 性别, 出生日期, 民族, 就业状况, 有效证件类别, 学历, 技能等级, 户籍类型, 户籍所在地,
    会籍变化类型, 会籍变化日期, 会籍变化原因, 政治面貌, 工作单位, 是否农民工, 所属工会, 会员编号, 工号, 职工类别,
    是否产业工人 and 入职日期. 序号, 籍贯, 是否导入成功 and 错误原因 are passed over. Codes stand as their names,
    dates as in 2024-03-08.
    """


@command(
    post("/v1/memberships/import", 202),
    reply=MemberImport,
    roles=IMPORTERS,
    scope=Scope.FIELD,
    scope_field="union_id",
    errors=("not_found", "unknown_file", "consent_missing", "too_many_jobs"),
)
class ImportMembers(Request):
    """Import a file that was sent before: every row is checked first, and nothing is stored if too many are bad.

    An import of too many bad rows fails with their number; a dry run ends with its counts however many are bad.
    会籍变化类型 is 入会 unless it says 保留, with a reason that retains; without a date the change is of today.
    A row that says of a person what is so already changes nothing, not even details: a file can be sent again. While
    three imports of one's own have not ended, a fourth is refused: `too_many_jobs`.
    """

    union_id = fields.Id(
        required=True, metadata={"description": "Of all rows that name no union; or above those named"}
    )
    file_id = fields.Id(required=True)
    dry_run = fields.Flag(load_default=False, metadata={"description": "Check, and store nothing"})
    most_faulty_percent = fields.Count(
        0, 100, load_default=10, metadata={"description": "With more bad rows than this, nothing is stored"}
    )
    consent_version = fields.ConsentVersion()


class _OnImport(Request):
    import_id = fields.Id(required=True)


@query(get("/v1/memberships/imports/{import_id}"), reply=MemberImport, roles=IMPORTERS, errors=("not_found",))
class GetImport(_OnImport):
    """See how far one's own import is, or how it ended."""


@command(
    post("/v1/memberships/imports/{import_id}/cancel"),
    reply=MemberImport,
    roles=IMPORTERS,
    errors=("not_found", "illegal_transition"),
)
class CancelImport(_OnImport):
    """Stop one's own import; the rows that are stored stay, and the same file sent again goes on with the rest."""


class ImportFault(Schema):
    """What is wrong in one row; it never shows the value."""

    row = fields.Count(1, required=True, metadata={"description": "Number in the file; the heading is row 1"})
    field = fields.Text(required=True, metadata={"description": "Heading of the column"})
    code = fields.Text(required=True)
    reason = fields.Words(required=True)


@query(
    get("/v1/memberships/imports/{import_id}/faults"),
    reply=page_of(ImportFault),
    roles=IMPORTERS,
    errors=("not_found",),
)
class ListImportFaults(PageRequest):
    """List the bad rows of one's own import in the order of the file."""

    import_id = fields.Id(required=True)


@query(
    get("/v1/memberships/imports/{import_id}/report"),
    reply=None,
    roles=IMPORTERS,
    errors=("not_found",),
    download=CSV,
)
class FetchImportReport(_OnImport):
    """Fetch all bad rows of one's own finished import as a CSV file."""
