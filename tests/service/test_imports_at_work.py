"""Imports that are killed or cancelled at work, and people to whom something else happens meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis import jobs
from chassis.errors import Refused
from contracts.membership import imports as contract
from services.membership.register import bulk, people
from services.membership.vault import Vault
from tests.service.harness import Universe
from tests.service.members import member, resident_id
from tests.service.rosters import a_row, asked, faults, imported, members, outcome, without_union

pytestmark = pytest.mark.usefixtures("short_batches")


def erase(universe: Universe, vault: Vault, subject_key: str) -> None:
    """Do the first thing of an erasure, which the register learns later."""
    vault.keystore.destroy([asked(universe, "SELECT key_id FROM person WHERE subject_key = :key", key=subject_key)])


def test_a_person_who_is_being_erased_is_left_out_and_the_others_join(universe: Universe, vault: Vault) -> None:
    number = resident_id()
    erase(universe, vault, without_union(universe, number))

    job = imported(universe, [a_row(), a_row(证件号码=number), a_row()], most_faulty_percent=50)

    assert outcome(job) == (2, 0, 0, 1)
    assert faults(universe, job) == [(3, "证件号码", "being_erased")]


def test_an_import_ends_with_a_refusal_that_it_did_not_expect(
    universe: Universe, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = resident_id()
    without_union(universe, number)
    renew = people.renew

    def refuse_once(*_: Any) -> None:
        monkeypatch.setattr(people, "renew", renew)
        raise Refused("stale_version")

    monkeypatch.setattr(people, "renew", refuse_once)

    job = imported(universe, [a_row(证件号码=number)])

    assert (job["state"], job["failure"]["code"]) == ("failed", "stale_version")


Interrupt = Callable[[Callable[[jobs.Running], None], int], None]


@pytest.fixture
def after_batches(monkeypatch: pytest.MonkeyPatch) -> Interrupt:
    """Has something done once, before so many steps of an import."""
    step = jobs.Running.step

    def have_done(something: Callable[[jobs.Running], None], steps: int) -> None:
        left = [steps]

        def count(running: jobs.Running, *details: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                monkeypatch.setattr(jobs.Running, "step", step)
                something(running)
            return step(running, *details)

        monkeypatch.setattr(jobs.Running, "step", count)

    return have_done


#: The first pass of six rows has two steps, the second three.
@pytest.mark.parametrize("steps", range(1, 6))
def test_an_import_that_is_killed_goes_on_without_a_double(
    universe: Universe, after_batches: Interrupt, steps: int
) -> None:
    def die(_running: jobs.Running) -> None:
        raise jobs.Interrupted

    rows = [a_row() for _ in range(5)] + [a_row(姓名="")]
    after_batches(die, steps)

    job = imported(universe, rows, most_faulty_percent=50)

    assert (outcome(job), job["done"], job["total"]) == ((5, 0, 0, 1), 11, 11)
    assert len(members(universe)) == 5
    assert [len(universe.membership.events_of(view["id"])) for view in members(universe)] == [1] * 5
    assert faults(universe, job) == [(7, "姓名", "required")]


@pytest.mark.parametrize(("steps", "stored"), [(2, 0), (4, 4)])
def test_a_cancelled_import_keeps_what_it_stored_and_the_same_file_goes_on_with_the_rest(
    universe: Universe, after_batches: Interrupt, steps: int, stored: int
) -> None:
    def cancel(running: jobs.Running) -> None:
        universe.membership.do(contract.CancelImport, universe.zone_officer, import_id=running.id)

    rows = [a_row() for _ in range(6)]
    after_batches(cancel, steps)

    job = imported(universe, rows)

    assert (job["state"], len(members(universe))) == ("cancelled", stored)
    assert outcome(imported(universe, rows)) == (6 - stored, 0, stored, 0)


def test_somebody_who_joins_elsewhere_between_the_passes_is_left_there(
    universe: Universe, after_batches: Interrupt
) -> None:
    number = resident_id()

    def join(_running: jobs.Running) -> None:
        member(universe, universe.other, person={"document_no": number})

    after_batches(join, 2)

    job = imported(universe, [a_row(), a_row(证件号码=number), a_row()])

    assert outcome(job) == (2, 0, 0, 1)
    assert faults(universe, job) == [(3, "证件号码", "already_a_member")]


@pytest.mark.parametrize("moment", ["between the passes", "while it is stored"])
def test_a_person_who_is_erased_while_the_import_goes_on_is_left_out(
    universe: Universe, vault: Vault, after_batches: Interrupt, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    number = resident_id()
    subject_key = without_union(universe, number)
    if moment == "between the passes":
        after_batches(lambda _running: erase(universe, vault, subject_key), 2)
    else:
        store = bulk.store

        def erase_first(*given: Any) -> None:
            monkeypatch.setattr(bulk, "store", store)
            erase(universe, vault, subject_key)
            store(*given)

        monkeypatch.setattr(bulk, "store", erase_first)

    job = imported(universe, [a_row(证件号码=number), a_row(), a_row()])

    assert outcome(job) == (2, 0, 0, 1)
    assert faults(universe, job) == [(2, "证件号码", "being_erased")]
