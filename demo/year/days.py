"""The business days on which something happens: all facts fall on them, so that the clock need not stop on others."""

from datetime import date

#: Date of the report that the year ends with.
REPORT_DATE = date(2023, 9, 30)
#: First day of the story: what was founded before is recorded, and the first new-employment union comes to be.
BEGINNING = date(2022, 6, 10)
#: By this day the new-employment union may call its first meeting; and the day on which the last of that month join.
FIRST_JOINS, LATER_JOINS = date(2022, 6, 17), date(2022, 6, 30)
#: A day in the year before the report's: what happens on it counts in another year.
AUTUMN = date(2022, 11, 15)
#: Days of the report's year on which unions work, all on weekdays.
WORKDAYS = (
    date(2023, 1, 6),
    date(2023, 1, 12),
    date(2023, 1, 17),
    date(2023, 2, 10),
    date(2023, 2, 24),
    date(2023, 3, 14),
    date(2023, 3, 28),
    date(2023, 4, 13),
    date(2023, 4, 27),
    date(2023, 5, 16),
    date(2023, 6, 6),
    date(2023, 6, 20),
    date(2023, 6, 29),
    date(2023, 7, 13),
    date(2023, 8, 10),
    date(2023, 8, 29),
    date(2023, 9, 12),
    date(2023, 9, 21),
)
#: Every day at which the clock stops, in order.
STOPS = (BEGINNING, FIRST_JOINS, LATER_JOINS, AUTUMN, *WORKDAYS, REPORT_DATE)
