"""Ids are UUIDv7 text that sorts by birth."""

from itertools import pairwise
from uuid import UUID

from kernel.ids import new_id


def test_an_id_is_a_uuid_of_version_7_in_its_usual_spelling() -> None:
    text = new_id()
    assert UUID(text).version == 7
    assert text == str(UUID(text))


def test_ids_of_one_process_sort_by_birth_even_within_a_millisecond() -> None:
    ids = [new_id() for _ in range(5_000)]
    assert all(earlier < later for earlier, later in pairwise(ids))
