"""Taking in files of members, and starting and stopping their imports."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chassis import jobs, uploads
from chassis.commands import handles
from chassis.errors import Refused
from chassis.work import Work
from contracts.membership import imports as contract
from kernel.privacy_notices import was_in_use
from services.membership.imports.job import KIND

#: Imports of one account that wait or are at work: each may take minutes, and those of others wait behind them.
MOST = 3


@handles(contract.UploadMembers)
def upload_members(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep a file for an import."""
    return uploads.receive(work, request)


@handles(contract.ImportMembers)
def import_members(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Queue the import of a file of one's own, as of today. Raises Refused `too_many_jobs` behind `MOST` others."""
    if not was_in_use(request["consent_version"], date.min, work.today):
        raise Refused("consent_missing", field="consent_version")
    file = uploads.find(work.session.connection(), request["file_id"], work.actor.id)
    asked = {
        **{name: request[name] for name in ("dry_run", "most_faulty_percent", "consent_version")},
        "union_id": str(request["union_id"]),
        "file_id": file["id"],
        "media_type": file["media_type"],
        "today": work.today.isoformat(),
    }
    return jobs.queue(work, KIND, asked, own=MOST)


@handles(contract.CancelImport)
def cancel_import(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Stop one's own import at its next batch."""
    return jobs.cancel(work, KIND, request["import_id"], work.actor)
