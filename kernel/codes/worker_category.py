"""The kinds of worker that programmes and figures tell apart; no national standard lists platform workers yet."""

from enum import StrEnum


class WorkerCategory(StrEnum):
    """The project's own list; 11 to 19 are the workers in new forms of employment."""

    EMPLOYED_STAFF = "10"
    TRUCK_DRIVER = "11"
    RIDE_HAILING_DRIVER = "12"
    COURIER = "13"
    FOOD_DELIVERY_RIDER = "14"
    OTHER_NEW_EMPLOYMENT = "19"
    OTHER = "90"
