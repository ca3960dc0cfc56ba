"""Code lists are spelled on the wire, so their values may never change."""

from kernel.codes.sex import Sex
from kernel.codes.worker_category import WorkerCategory


def test_sex_has_the_values_of_the_national_standard() -> None:
    assert {member.name: member.value for member in Sex} == {
        "UNKNOWN": "0",
        "MALE": "1",
        "FEMALE": "2",
        "UNSTATED": "9",
    }


def test_worker_categories_keep_their_numbers() -> None:
    assert {member.name: member.value for member in WorkerCategory} == {
        "EMPLOYED_STAFF": "10",
        "TRUCK_DRIVER": "11",
        "RIDE_HAILING_DRIVER": "12",
        "COURIER": "13",
        "FOOD_DELIVERY_RIDER": "14",
        "OTHER_NEW_EMPLOYMENT": "19",
        "OTHER": "90",
    }
