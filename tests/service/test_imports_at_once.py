"""Imports beside whatever else happens to the same people at the same moment."""

from threading import Thread

from sqlalchemy import text

from contracts.membership import applications as contract
from kernel.identifiers.documents import DocumentKind
from services.membership.imports import lookup
from services.membership.imports.rules import Standing
from services.membership.vault import Vault
from tests.service.harness import Universe
from tests.service.members import applied, person_fields
from tests.service.together import await_waiters

#: What bringing in an application does to the person and writes.
LOCK = "SELECT FROM person WHERE document_index = :index FOR NO KEY UPDATE"
RENEW = "UPDATE person SET is_rural_migrant = true WHERE document_index = :index"
SUBMIT = "UPDATE membership_application SET state = 'submitted' WHERE id = :id"


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
