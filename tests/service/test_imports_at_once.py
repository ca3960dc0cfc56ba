"""Imports beside whatever else happens to the same people at the same moment."""

from threading import Thread

from sqlalchemy import func, select, text

from contracts.membership import applications as contract
from kernel.identifiers.documents import DocumentKind
from services.membership.imports import lookup
from services.membership.imports.commands import MOST
from services.membership.imports.job import KIND
from services.membership.imports.rules import Standing
from services.membership.vault import Vault
from tests.service import rosters
from tests.service.harness import Universe
from tests.service.members import applied, person_fields
from tests.service.together import at_once, await_waiters

#: What bringing in an application does to the person and writes.
LOCK = "SELECT FROM person WHERE document_index = :index FOR NO KEY UPDATE"
RENEW = "UPDATE person SET is_rural_migrant = true WHERE document_index = :index"
SUBMIT = "UPDATE membership_application SET state = 'submitted' WHERE id = :id"


def test_of_two_imports_at_once_where_an_account_may_have_one_more_one_is_queued(universe: Universe) -> None:
    file_id = rosters.sent(universe, universe.zone_officer, rosters.csv_of([rosters.a_row()]))
    before = [rosters.queued(universe, file_id) for _ in range(MOST - 1)]

    with universe.membership.database.writer.begin() as other:
        other.execute(select(func.pg_advisory_xact_lock(func.hashtext(KIND))))

        def let_go() -> None:
            try:
                await_waiters(universe.membership.database, 2)
            finally:
                other.rollback()

        *answers, _ = at_once(*[lambda: rosters.queued(universe, file_id)] * 2, let_go)

    [more] = [answer for answer in answers if answer != "too_many_jobs"]
    assert [rosters.ended(universe, job)["state"] for job in (*before, more)] == ["done"] * MOST


def test_an_application_that_came_in_while_an_import_waited_for_the_person_is_seen(universe: Universe) -> None:
    person = person_fields()
    application = applied(universe, person=person)
    universe.membership.do(contract.WithdrawApplication, universe.home.officer, application_id=application["id"])
    own = universe.membership.own
    assert isinstance(own, Vault)
    index = own.document_index(DocumentKind.RESIDENT_ID, person["document_no"])
    found: list[Standing] = []

    def look() -> None:
        with universe.membership.database.writer.begin() as connection:
            found.extend(lookup.standings(connection, [index], lock=True).values())

    with universe.membership.database.writer.connect() as applicant:
        for statement in (LOCK, RENEW, SUBMIT):
            applicant.execute(text(statement), {"index": index, "id": application["id"]})
        waiting = Thread(target=look)
        waiting.start()
        await_waiters(universe.membership.database)
        applicant.commit()
        waiting.join()

    assert [standing.applies for standing in found] == [True]
