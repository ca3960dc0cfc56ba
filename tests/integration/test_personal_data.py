"""What is told of people is nowhere in clear: in no log, table, event, queue, dead letter, metric, report or answer."""

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from uuid import uuid4

import amqp
import orjson
import pytest

from chassis.topology_names import event_queue
from contracts import registry
from contracts.membership.register import MemberJoined
from kernel.ids import new_id
from tests.conftest import Running
from tests.integration.harness import Office, Town, eventually, settle
from tests.integration.planting import APPLICATIONS, FULL, STUCK, Planter, listed, with_another_check_digit
from tests.integration.shop import DAY, Shop, code
from tests.integration.traces import Needles, Written, digests, files, hexed, rows, spelt
from tests.running.commands import unionctl
from tests.support.broker import put
from unionctl.management import http

#: Who hears of new members, and so may fail to handle one.
LISTENERS = [name for name, types in registry.subscriptions().items() if MemberJoined.event_type in types]
#: What RabbitMQ's log is sure to hold.
BROKER_USER = "user 'membership'"
#: Syllables of the names that are looked for: a shorter one may be an ordinary word of any text.
SYLLABLES = 3
_JOINED = "SELECT body::text FROM outbox WHERE event_type = :type AND body->'data'->>'subject_key' = :subject_key"


@dataclass(frozen=True, slots=True)
class Told:
    """What a platform was told, and what it may show of that."""

    values: Set[str]
    answers: list[Written]
    subject_key: str
    #: An import that failed at an error of the database.
    import_id: str
    #: What the operator's command line shows of dead letters.
    letters: list[Written]


@pytest.fixture(scope="module")
def planter(town: Town, office: Office) -> Planter:
    return Planter(Shop.found(town, office), town.account(office.officer))


@pytest.fixture(scope="module")
def told(town: Town, planter: Planter) -> Iterator[Told]:
    """People are told of, taken and refused; what became of them is published and handled."""
    subject_key = apply(town, planter)
    planter.import_damaged()
    import_id = import_into_a_full_house(planter)
    settle(town.platform)
    dead = poison(town, subject_key)
    yield Told(planter.values, planter.answers, subject_key, import_id, [*printed(town, dead)])
    for service, letter in dead:
        unionctl(town.platform, "dead", "discard", service, letter, "--reason", "made by a test")


def apply(town: Town, planter: Planter) -> str:
    """Applications and lists, taken and refused in every way; gives the key of one who is a member."""
    accepted, waiting, stuck, late, wrong, amiss = (planter.person() for _ in range(6))
    wrong["document_no"] = with_another_check_digit(wrong["document_no"])
    planter.values.add(wrong["document_no"])
    key = str(uuid4())

    first = planter.apply(accepted, key)
    assert code(first) == 201
    assert planter.apply(accepted, key).json() == first.json()
    assert code(planter.apply(stuck, key)) == "idempotency_key_reused"
    assert code(planter.apply(accepted)) == "application_pending"
    assert code(planter.apply(wrong)) == "invalid_request"
    assert not any(answer.ok for answer in planter.ask_amiss(amiss))
    with town.books.locked("membership", STUCK):
        assert planter.apply(stuck).status_code in {409, 503, 504}
    with planter.filled():
        assert code(planter.apply(late)) == "internal_error"
    approval = f"{APPLICATIONS}/{first.json()['id']}/approve"
    planter.shop.office.checker.post(approval, {"decided_on": DAY}, key)
    assert code(planter.apply(waiting)) == 201
    planter.import_lists([accepted, waiting])
    return str(first.json()["subject_key"])


def import_into_a_full_house(planter: Planter) -> str:
    """The id of an import that the database refuses half-way."""
    file = planter.send(listed([planter.row(planter.person())]).encode())
    with planter.filled():
        job = planter.import_file(file)
    assert job["failure"]["code"] == "internal_error"
    return str(job["id"])


def poison(town: Town, subject_key: str) -> list[tuple[str, str]]:
    """Let nobody be able to handle the event of a new member; gives the dead letters, each with its service."""
    found = town.books.one("membership", _JOINED, type=MemberJoined.event_type.type, subject_key=subject_key)
    whole = orjson.loads(found)
    poisoned = orjson.dumps({**whole, "id": new_id(), "data": {**whole["data"], "union_id": None}})
    before = open_letters(town)
    for service in LISTENERS:
        message = amqp.Message(poisoned, message_id=new_id(), delivery_mode=2)
        put(town.platform.broker, [message], key=event_queue(service))
    eventually(lambda: len(open_letters(town) - before) == len(LISTENERS), "The dead letters do not come.")
    return sorted(open_letters(town) - before)


def open_letters(town: Town) -> Set[tuple[str, str]]:
    """The dead letters that nobody has decided on, with their services."""
    letters = json.loads(unionctl(town.platform, "dead", "list", "--json").stdout)
    return {(letter["service"], letter["id"]) for letter in letters}


def printed(town: Town, letters: list[tuple[str, str]]) -> Iterator[Written]:
    """What the operator's command line shows of dead letters."""
    for command in (("list",), ("list", "--json"), *(("show", service, letter) for service, letter in letters)):
        yield " ".join(command), unionctl(town.platform, "dead", *command).output.encode()


@pytest.fixture(scope="module")
def secrets(town: Town, told: Told) -> Needles:
    """What stands nowhere: values that were told here, and those of everybody in the demo's year."""
    people = [*town.year.people, *town.year.refused]
    numbers = {number for person in people for number in (person.resident_id, person.mobile)}
    values = told.values | numbers | {person.name for person in people if len(person.name) == SYLLABLES}
    assert len(values) > 2 * len(people)
    plain = {value.encode() for value in values}
    return Needles(spelt(values), hexed(plain), digests(told.values), hexed(digests(values)))


@pytest.fixture(scope="module")
def visible(town: Town, told: Told) -> Needles:
    """What does stand somewhere, of the same kinds."""
    codes = {enterprise.uscc for enterprise in town.year.enterprises}
    shown = {told.subject_key, told.import_id, FULL, BROKER_USER, town.year.federation.name, *codes}
    # a dead letter keeps the bytes of its event
    return Needles(spelt(shown), hexed({told.subject_key.encode()}))


def test_no_file_of_a_platform_holds_a_value(town: Town, secrets: Needles, visible: Needles) -> None:
    directory = town.platform.directory
    logs = [directory.log(process) for process in ("membership.1", "postgres", "rabbitmq")]
    # servers that were given have their logs elsewhere
    found_at = {str(log.relative_to(directory.path)) for log in logs if log.exists()}
    assert found_at <= {place for place, _ in visible.within(files(directory.path))}

    assert secrets.within(files(directory.path)) == set()


def test_no_row_of_a_table_holds_a_value(town: Town, secrets: Needles, visible: Needles, told: Told) -> None:
    seen = {place for place, _ in visible.within(rows(town.books))}
    assert {"membership.outbox", "membership.enterprise", *(f"{service}.dead_letter" for service in LISTENERS)} <= seen

    assert secrets.within(rows(town.books)) == set()


def test_no_answer_or_report_of_bad_rows_tells_a_value(secrets: Needles, told: Told) -> None:
    headings = Needles(spelt({"会员编号", "有效证件类别"})).within(told.answers)
    assert {"faults", "report"} <= {place.rpartition("/")[2] for place, _ in headings}

    assert secrets.within(told.answers) == set()


def test_no_dead_letter_shows_a_value(secrets: Needles, visible: Needles, told: Told) -> None:
    assert len({place for place, _ in visible.within(told.letters)}) == len(LISTENERS)

    assert secrets.within(told.letters) == set()


def test_no_metric_holds_a_value(town: Town, secrets: Needles, told: Told) -> None:
    processes = town.platform.process_names()
    pages = [
        (process, http().get(f"http://{town.platform.ops_address(process)}/metrics").content) for process in processes
    ]
    assert {place for place, _ in Needles({b"unionhall_dead_letters"}).within(pages)} == set(processes)

    assert secrets.within(pages) == set()


def test_the_demo_prints_no_value(running: Running, town: Town, secrets: Needles) -> None:
    told = [("demo", running.told.encode())]
    assert Needles(spelt({town.federation})).within(told)

    assert secrets.within(told) == set()
