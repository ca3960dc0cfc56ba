"""Winter relief: goods that the report counts, money that it must not, and what was returned, reversed or refused."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from contracts.welfare.programmes import BenefitForm, FundSource, ProgrammeKind
from demo.year.days import AUTUMN, WORKDAYS
from demo.year.programmes import PlannedBatch, PlannedProgramme
from demo.year.roster import Roster
from demo.year.scale import RELIEF_FEN, Scale

#: Value of one person's winter relief in money, in fen.
MONEY_FEN = 50_000
#: People on the first list who got goods and do not count: one returned them, one was recorded by mistake.
_UNCOUNTED = 2
#: Of the people that count, so many in a hundred are on the first list.
_FIRST_LIST = 90


def relief(scale: Scale, roster: Roster) -> Iterator[PlannedProgramme]:
    """Relief in goods and in money, for different people."""
    people = [person.number for person in roster.draw(scale.relief_people + _UNCOUNTED + scale.money_people)]
    goods, money = people[: -scale.money_people], people[-scale.money_people :]
    retained = [person.number for person in roster.retained(2)]
    yield _winter_relief(
        BenefitForm.GOODS,
        "冬送温暖慰问（物资）",
        2 * RELIEF_FEN * scale.relief_people,
        WORKDAYS[8],
        tuple(_goods(goods, retained)),
    )
    yield _winter_relief(
        BenefitForm.MONEY, "困难职工冬季慰问金", 2 * MONEY_FEN * scale.money_people, None, (_money(money),)
    )


def _goods(people: Sequence[int], retained: Sequence[int]) -> Iterator[PlannedBatch]:
    """Two lists whose receipts count but for one that came back and one recorded by mistake; and a cancelled list."""
    returned, mistaken, *counted = people
    first = counted[: len(counted) * _FIRST_LIST // 100]
    second = counted[len(first) :]
    batch = partial(PlannedBatch, item="米油慰问包", amount_fen=RELIEF_FEN)
    yield batch(
        name="第一批慰问名单",
        people=(*first, returned, mistaken, *retained),
        frozen_on=WORKDAYS[0],
        issued_on=WORKDAYS[1],
        received_on=WORKDAYS[2],
        received=(*first, mistaken),
        returned=(returned,),
        reversed=(mistaken,),
        reversed_on=WORKDAYS[6],
    )
    # who is on the first list already gets nothing from the second
    yield batch(
        name="第二批慰问名单",
        people=(*second, first[0]),
        frozen_on=WORKDAYS[3],
        issued_on=WORKDAYS[4],
        received_on=WORKDAYS[5],
        received=tuple(second),
    )
    yield batch(
        name="重复登记的名单",
        people=tuple(second),
        frozen_on=WORKDAYS[4],
        issued_on=None,
        received_on=None,
        received=(),
    )


def _money(people: Sequence[int]) -> PlannedBatch:
    return PlannedBatch(
        name="慰问金发放名单",
        people=tuple(people),
        amount_fen=MONEY_FEN,
        frozen_on=WORKDAYS[0],
        issued_on=WORKDAYS[1],
        received_on=WORKDAYS[2],
        received=tuple(people),
    )


def _winter_relief(
    form: BenefitForm, name: str, budget_fen: int, closed_on: date | None, batches: tuple[PlannedBatch, ...]
) -> PlannedProgramme:
    return PlannedProgramme(
        ProgrammeKind.WINTER_RELIEF,
        form,
        name,
        2023,
        date(2023, 1, 1),
        date(2023, 3, 31),
        budget_fen,
        FundSource.UNION_FUNDS,
        AUTUMN,
        WORKDAYS[0],
        closed_on,
        batches,
    )
