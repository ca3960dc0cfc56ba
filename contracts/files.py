"""How a file comes in: its bytes are the body, its kind the content type; later commands name it by its id."""

from contracts import fields
from contracts.declare import Request
from contracts.schema import Schema

#: Media types of the lists that people send.
XLSX, CSV = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"
#: Of the lists that people fetch, as it is told with the file: `chassis.csv_lines` writes them. The file begins with a
#: byte order mark, by which spreadsheets know UTF-8: whoever reads it as plain UTF-8 finds U+FEFF before the first
#: heading (Python's `utf-8-sig` takes it away).
CSV_IN_UTF8 = f"{CSV}; charset=utf-8"


class UploadedFile(Schema):
    """A file that was received whole; only who sent it can use it, for seven days."""

    id = fields.Id(required=True)
    media_type = fields.Text(required=True)
    size = fields.Count(required=True, metadata={"description": "Bytes"})
    sha256 = fields.Digest(required=True)
    expires_at = fields.Moment(required=True)


class UploadRequest(Request):
    """What the gateway asks the owner for, once all pieces of the file have been put there."""

    file_id = fields.Id(required=True)
    media_type = fields.Text(longest=100, required=True)
    pieces = fields.Count(required=True)
    size = fields.Count(required=True)
    sha256 = fields.Digest(required=True)
