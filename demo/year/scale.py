"""How much of everything a year holds: the counts that its report must come to, in full and for quick tests."""

from dataclasses import dataclass

#: What no scale changes. Study activities and contests of the year, by tier.
STUDY_ACTIVITIES, ELITE_CONTESTS, MASS_CONTESTS = 20, 1, 6
#: Industrial workers recommended to the Party in the first half-year, and all development targets of that time.
RECOMMENDED, DEVELOPMENT_TARGETS = 37, 39
#: Unions founded in the year by party co-building, and how many of them are joint unions of new employment.
NEW_UNIONS, NEW_EMPLOYMENT_UNIONS = 15, 2
#: Value of one person's winter relief in goods, in fen.
RELIEF_FEN = 20_000


@dataclass(frozen=True, slots=True)
class Scale:
    """Counts of people and of what they do."""

    name: str
    #: Enterprises of unions that were there before; those of new unions come on top.
    enterprises: int
    #: Members on the day of the report, of whom some have their household in another province; and retained ones.
    members: int
    out_of_province: int
    retained: int
    #: Who joined the first union of new employment, and of these by the eve of its first meeting.
    first_union_joins: int
    first_union_by_meeting: int
    #: Who joined the unions founded in the year.
    new_union_joins: int
    contest_people: int
    contest_attendances: int
    #: Attendances of health checks, of these by couriers and food-delivery riders, and how many riders these are.
    health_checks: int
    rider_checks: int
    riders: int
    #: Who got winter relief in goods, and who got money instead.
    relief_people: int
    money_people: int


#: The year that the report is about.
FULL = Scale(
    name="full",
    enterprises=216,
    members=16_342,
    out_of_province=9_968,
    retained=610,
    first_union_joins=214,
    first_union_by_meeting=205,
    new_union_joins=846,
    contest_people=236,
    contest_attendances=318,
    health_checks=544,
    rider_checks=71,
    riders=63,
    relief_people=412,
    money_people=30,
)
#: The same year with a fortieth of the members and a tenth of what they do; what no scale changes is as in the other.
SMALL = Scale(
    name="small",
    enterprises=18,
    members=408,
    out_of_province=249,
    retained=15,
    first_union_joins=21,
    first_union_by_meeting=20,
    new_union_joins=85,
    contest_people=24,
    contest_attendances=32,
    health_checks=54,
    rider_checks=7,
    riders=6,
    relief_people=41,
    money_people=3,
)
