"""Every row and event is named by a UUIDv7, so that keys sort by their time of birth and need no common sequence."""

from uuid_utils import uuid7


def new_id() -> str:
    """Give a new id, greater (as text) than any that this process gave before."""
    return str(uuid7())
