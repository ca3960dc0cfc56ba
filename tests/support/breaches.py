"""What may be in no database, whoever was killed: rows that do not add up, written as statements that find them."""

from collections.abc import Mapping

#: By service, and in it by what would be wrong.
BREACHES: Mapping[str, Mapping[str, str]] = {
    "membership": {
        "persons in two unions": """
            SELECT person_id FROM membership WHERE state IN ('active', 'retained') GROUP BY 1 HAVING count(*) > 1
        """,
        "persons whom nothing brought in": """
            SELECT id FROM person WHERE NOT EXISTS (SELECT FROM membership WHERE person_id = person.id)
            AND NOT EXISTS (SELECT FROM membership_application WHERE person_id = person.id)
        """,
        "persons without exactly one main work": """
            SELECT person.id FROM person LEFT JOIN employment ON person_id = person.id AND is_main
            GROUP BY 1 HAVING count(employment.id) <> 1
        """,
        "approved applications without a membership, or the other way round": """
            SELECT application.id FROM membership_application AS application
            LEFT JOIN membership ON basis_application_id = application.id
            WHERE (application.state = 'approved') <> (membership.id IS NOT NULL)
        """,
        "memberships whose history tells of another state": """
            SELECT membership.id FROM membership LEFT JOIN membership_change ON membership_id = membership.id
            GROUP BY 1, membership.state HAVING count(*) FILTER (WHERE change_type = '1') <> 1
            OR count(*) FILTER (WHERE change_type = '3') <> (membership.state = 'retained')::integer
        """,
    },
    "events": {
        "activities with more people than places": """
            SELECT activity.id FROM activity JOIN registration ON activity_id = activity.id
            WHERE registration.state IN ('confirmed', 'attended', 'no_show')
            GROUP BY 1 HAVING count(*) > activity.quota
        """,
        "people who wait although there is a place": """
            SELECT activity.id FROM activity JOIN registration ON activity_id = activity.id
            WHERE activity.state = 'open' GROUP BY 1 HAVING bool_or(registration.state = 'waitlisted')
            AND count(*) FILTER (WHERE registration.state = 'confirmed') < activity.quota
        """,
        "registered people whose attendance is told in two ways": """
            SELECT registration.id FROM registration JOIN activity ON activity.id = activity_id
            WHERE activity.state IN ('closed', 'voided') AND (registration.state = 'attended') <> EXISTS (
                SELECT FROM attendance
                WHERE attendance.activity_id = activity.id AND attendance.subject_key = registration.subject_key
            )
        """,
    },
    "welfare": {
        "programmes whose account is not the sum of its grants": """
            SELECT programme.id FROM programme LEFT JOIN benefit ON programme_id = programme.id GROUP BY 1
            HAVING spent_fen <> coalesce(sum(benefit.amount_fen) FILTER (WHERE benefit.state = 'receipted'), 0)
            OR committed_fen
                <> coalesce(sum(benefit.amount_fen) FILTER (WHERE benefit.state IN ('approved', 'issued')), 0)
            OR spent_fen + committed_fen > budget_fen
        """,
        "lists whose numbers are not those of their lines": """
            SELECT batch.id FROM batch LEFT JOIN benefit ON batch_id = batch.id GROUP BY 1
            HAVING size <> count(benefit.id) OR waiting <> count(*) FILTER (WHERE benefit.state = 'issued')
            OR batch.state = 'complete' AND waiting > 0
        """,
        "people who got a programme twice": """
            SELECT programme_id, subject_key FROM benefit
            WHERE state IN ('eligible', 'approved', 'issued', 'receipted') GROUP BY 1, 2 HAVING count(*) > 1
        """,
        "days whose numbers are not those of their bookings, or above the quota": """
            SELECT slot.id FROM slot LEFT JOIN booking ON slot_id = slot.id GROUP BY 1
            HAVING attended <> count(*) FILTER (WHERE booking.state = 'attended') OR booked > quota
            OR booked <> count(*) FILTER (WHERE booking.state IN ('booked', 'attended'))
        """,
        "people with two places on a day": """
            SELECT slot_id, subject_key FROM booking WHERE state IN ('booked', 'attended')
            GROUP BY 1, 2 HAVING count(*) > 1
        """,
    },
}
