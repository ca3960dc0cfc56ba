"""What only membership has: the keys of persons, and those that make of a person or a number what others may hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from chassis.database import Database
from chassis.jobs import Running
from chassis.keystore import Keystore, PersonKey
from chassis.work import Reading, Work
from kernel.crypto import blind_index, pseudonyms
from kernel.identifiers.documents import DocumentKind
from services.membership import settings
from services.membership.register.models import Person


@dataclass(frozen=True, slots=True)
class Vault:
    """The keystore and the two keys beside it; nothing of it is ever printed."""

    #: Gives each person the keys under which their fields lie.
    keystore: Keystore = field(repr=False)
    #: Makes subject keys (32 bytes).
    internal_key: bytes = field(repr=False)
    #: Makes the digests by which numbers are found (32 bytes).
    index_key: bytes = field(repr=False)

    @classmethod
    def open(cls) -> "Vault":
        """As the settings say; the keystore's database is not needed yet. Raises `InvalidSettings`."""
        loaded = settings.load()
        return cls(Keystore(loaded.keystore_url, loaded.master_key), loaded.internal_key, loaded.index_key)

    def subject_key(self, key: PersonKey) -> str:
        """The name by which other services know the person: 64 hex digits."""
        return pseudonyms.subject_key(self.internal_key, key.seed)

    def document_index(self, kind: DocumentKind, number: str) -> bytes:
        """The 32 bytes by which a document's number is found."""
        return blind_index.document_index(self.index_key, kind, number)

    def mobile_index(self, number: str) -> bytes:
        """The 32 bytes by which a mobile number is found."""
        return blind_index.mobile_index(self.index_key, number)

    def clean(self, database: Database) -> None:
        """Delete the keys that no person came to use."""

        def used(ids: Sequence[UUID]) -> Sequence[UUID]:
            with database.reader.connect() as connection:
                return connection.scalars(select(Person.key_id).where(Person.key_id.in_(ids))).all()

        self.keystore.sweep(used)

    def dispose(self) -> None:
        """Close every connection to the keystore."""
        self.keystore.dispose()


def vault(given: Work | Reading | Running) -> Vault:
    """The vault of a command, a query or a job of membership."""
    own = given.own
    if not isinstance(own, Vault):
        raise TypeError("only membership has a vault")
    return own
