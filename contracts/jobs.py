"""How work that takes longer than a request shows itself, whatever it does."""

from enum import StrEnum

from contracts import fields
from contracts.schema import Schema


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobFailure(Schema):
    """Why a job failed: a code of the catalogue, with its words."""

    code = fields.Text(required=True)
    messages = fields.Words()
    params = fields.Params(metadata={"description": "What the words name: `faulty` and `rows`, or `column`"})
    field = fields.Text(allow_none=True)
    rule_code = fields.Text(allow_none=True)
    article = fields.Text(allow_none=True)


def job_view(name: str, result: type[Schema]) -> type[Schema]:
    """The view of one kind of job, with its own result."""
    body = {
        "__doc__": "A job: poll it until its state is `done`, `failed` or `cancelled`.",
        "__module__": result.__module__,
        "id": fields.Id(required=True),
        "state": fields.Code(JobState, required=True),
        "done": fields.Count(required=True),
        "total": fields.Count(required=True, allow_none=True),
        "result": fields.Ready(result, required=True, allow_none=True),
        "failure": fields.Ready(JobFailure, required=True, allow_none=True),
        "created_at": fields.Moment(required=True),
        "ended_at": fields.Moment(required=True, allow_none=True),
        "_actions": fields.Actions(),
    }
    return type(name, (Schema,), body)
