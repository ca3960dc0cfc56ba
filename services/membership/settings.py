"""The settings that only membership has, read once from the environment; a wrong one stops the start."""

from dataclasses import dataclass, field

from environs import EnvError

from chassis.settings import InvalidSettings, reader
from kernel.crypto import keys


@dataclass(frozen=True, slots=True)
class MembershipSettings:
    """What membership needs to know beside what every process does; the same in every one of its processes.

    A key that is lost or changed loses all persons: their fields, their names elsewhere, or the search for them.
    """

    #: Database of the keys of persons.
    keystore_url: str = field(repr=False)
    #: Wraps the keys of persons: a key of SM4, derived from the 32 secret bytes of the setting.
    master_key: bytes = field(repr=False)
    #: Makes subject keys (32 bytes; `kernel.crypto.pseudonyms`).
    internal_key: bytes = field(repr=False)
    #: Makes the digests by which numbers are found (32 bytes; `kernel.crypto.blind_index`).
    index_key: bytes = field(repr=False)


def load() -> MembershipSettings:
    """Read `UNIONHALL_KEYSTORE_URL` and the keys. Raises `InvalidSettings`."""
    env = reader()
    try:
        return MembershipSettings(
            keystore_url=env.database_url("KEYSTORE_URL"),
            master_key=keys.derive(env.secret("MASTER_KEY"), "person keys"),
            internal_key=env.secret("INTERNAL_KEY"),
            index_key=env.secret("INDEX_KEY"),
        )
    except EnvError as error:
        raise InvalidSettings(str(error)) from error
