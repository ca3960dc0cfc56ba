"""The people of the zone: none of them is anybody, and they differ as people in such a zone do."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from contracts.membership.organisation import Workforce
from demo.year.enterprises import PlannedEnterprise
from demo.year.identifiers import COUNTY, Identifiers
from demo.year.memberships import APPLIED_ON, Place
from demo.year.names import People as Names
from demo.year.trades import DELIVERY, Job, job
from demo.year.unions import PlannedUnion
from kernel.codes.education import Education
from kernel.codes.ethnicity import Ethnicity
from kernel.codes.household_type import HouseholdType
from kernel.codes.political_status import PoliticalStatus
from kernel.codes.sex import Sex

#: The province of the zone.
HOME = "33"
#: Provinces that people come from, and how many of a thousand do.
_ELSEWHERE = {
    "34": 190, "36": 130, "41": 130, "52": 110, "51": 85, "42": 80, "43": 70, "32": 45, "53": 45, "50": 35, "37": 25,
    "61": 20, "62": 15, "45": 10, "35": 5, "13": 3, "23": 2,
}  # fmt: skip
#: Prefectures of a province that county codes are made of.
_PREFECTURES = 11
#: Of a hundred from a province, so many are not Han, and what they are then.
_MINORITIES = {
    "52": (35, (Ethnicity.MIAO, Ethnicity.BUYEI, Ethnicity.DONG, Ethnicity.TUJIA)),
    "53": (28, (Ethnicity.YI, Ethnicity.BAI, Ethnicity.HANI)),
    "45": (30, (Ethnicity.ZHUANG, Ethnicity.YAO)),
    "43": (9, (Ethnicity.TUJIA, Ethnicity.MIAO)),
    "33": (1, (Ethnicity.SHE,)),
}
_FEW = (1, (Ethnicity.HUI, Ethnicity.MAN))
#: Education of industrial workers, of those who work by platform, and of all others, in a hundred.
_EDUCATION = (Education.BACHELOR, Education.JUNIOR_COLLEGE, Education.SECONDARY_VOCATIONAL, Education.SENIOR_SECONDARY,
              Education.JUNIOR_SECONDARY, Education.PRIMARY)  # fmt: skip
_IN_PRODUCTION, _BY_PLATFORM, _IN_OFFICES = (4, 15, 27, 21, 30, 3), (2, 9, 18, 26, 42, 3), (42, 36, 9, 8, 5, 0)
#: Ages at which people join.
_AGES = range(19, 53)


@dataclass(frozen=True, slots=True)
class Person:
    """A member. Union and firm by their numbers."""

    number: int
    member_no: str
    name: str = field(repr=False)
    resident_id: str = field(repr=False)
    mobile: str = field(repr=False)
    sex: Sex
    ethnicity: Ethnicity
    education: Education
    political_status: PoliticalStatus
    household_region: str
    household_type: HouseholdType
    is_rural_migrant: bool
    job: Job
    employed_since: date
    membership: Place


class Registry:
    """Makes a person for each place."""

    def __init__(
        self, year: int, chance: random.Random, unions: Sequence[PlannedUnion], firms: Sequence[PlannedEnterprise]
    ) -> None:
        self._year = year
        self._chance = chance
        self._unions = unions
        self._firms = firms
        self._names = Names(chance)
        self._regions = list(_ELSEWHERE), list(_ELSEWHERE.values())

    def people(self, places: Sequence[Place], identifiers: Identifiers, first: int = 0) -> tuple[Person, ...]:
        """One person for each place, in the same order; the first has this number."""
        return tuple(self._person(number, place, identifiers) for number, place in enumerate(places, first))

    def _person(self, number: int, place: Place, identifiers: Identifiers) -> Person:
        chance = self._chance
        work = self._job(place)
        sex = self._sex(place)
        province = chance.choices(*self._regions)[0] if place.out_of_province else HOME
        region = f"{province}{chance.randint(1, _PREFECTURES):02}{COUNTY}"
        # who joined by mid-2022 was of age then; nobody is older than 62 at the end
        born = place.joined_on - timedelta(days=365 * chance.choice(_AGES) + chance.randrange(365) + 5)
        known_on = APPLIED_ON if place.applies else place.joined_on
        is_rural = chance.random() < (0.75 if place.out_of_province else 0.35)
        household = HouseholdType.AGRICULTURAL_FAMILY if is_rural else HouseholdType.NON_AGRICULTURAL_FAMILY
        return Person(
            number=number,
            member_no=f"H{self._year:02}{number:06}",
            name=self._names.name(sex),
            resident_id=identifiers.resident_id(region, born, sex),
            mobile=identifiers.mobile(),
            sex=sex,
            ethnicity=self._ethnicity(province),
            education=self._education(place, work),
            political_status=self._political_status(),
            household_region=region,
            household_type=household,
            is_rural_migrant=is_rural and place.out_of_province,
            job=work,
            employed_since=min(known_on, place.joined_on - timedelta(days=chance.randint(0, 400))),
            membership=place,
        )

    def _job(self, place: Place) -> Job:
        trade = DELIVERY if place.enterprise is None else self._firms[place.enterprise].trade
        return job(self._chance, trade, self._unions[place.union].workforce)

    def _sex(self, place: Place) -> Sex:
        women = 45 if place.enterprise is None else self._firms[place.enterprise].trade.women
        return Sex.FEMALE if self._chance.randrange(100) < women else Sex.MALE

    def _ethnicity(self, province: str) -> Ethnicity:
        share, peoples = _MINORITIES.get(province, _FEW)
        return self._chance.choice(peoples) if self._chance.randrange(100) < share else Ethnicity.HAN

    def _education(self, place: Place, work: Job) -> Education:
        if self._unions[place.union].workforce is Workforce.NEW_EMPLOYMENT:
            weights = _BY_PLATFORM
        else:
            weights = _IN_PRODUCTION if work.is_industrial_worker else _IN_OFFICES
        return self._chance.choices(_EDUCATION, weights)[0]

    def _political_status(self) -> PoliticalStatus:
        statuses = (PoliticalStatus.MASSES, PoliticalStatus.LEAGUE_MEMBER, PoliticalStatus.CPC_MEMBER)
        return self._chance.choices(statuses, (83, 11, 6))[0]
