"""The one place where a person is sealed, found again, and shown by masks alone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from chassis.columns import SealedText, seal
from chassis.errors import Refused
from chassis.keystore import PersonKey
from kernel import masking
from kernel.identifiers.documents import DocumentKind
from kernel.ids import new_id
from services.membership.register.identity import Identity
from services.membership.register.models import Person
from services.membership.vault import Vault

#: Fields of a person that lie as they are.
_OPEN = ("ethnicity", "education", "household_region", "household_type", "is_rural_migrant")
#: What a query selects of a person whose masks a view shows.
SEALED = (Person.id.label("person_id"), Person.key_id, Person.name, Person.document_kind, Person.document_no)

#: Its id stays as it is, so that other rows that name the person may be written meanwhile.
_LOCKED = select(Person).where(Person.document_index == bindparam("document_index")).with_for_update(key_share=True)


def columns(
    vault: Vault, key: PersonKey, person_id: UUID, identity: Identity, person: Mapping[str, Any]
) -> dict[str, Any]:
    """The columns of a person's row, sealed with its key; `person` as in `PersonDetails`."""
    document = identity.document
    clear: Mapping[InstrumentedAttribute[Any], str | None] = {
        Person.name: person["name"],
        Person.document_no: document.number,
        Person.mobile: identity.mobile,
        Person.birth_date: document.birth_date.isoformat(),
        Person.political_status: person["political_status"],
    }
    sealed = {column.key: text and seal(key, column, person_id, text) for column, text in clear.items()}
    return {
        **sealed,
        **{name: person[name] for name in _OPEN},
        "document_kind": document.kind,
        "document_index": vault.document_index(document.kind, document.number),
        "mobile_index": identity.mobile and vault.mobile_index(identity.mobile),
        "birth_year": document.birth_date.year,
        "sex": document.sex,
    }


def find(session: Session, vault: Vault, identity: Identity) -> Person | None:
    """The person of a document, locked, or None if the register has none."""
    document = identity.document
    index = vault.document_index(document.kind, document.number)
    return session.scalar(_LOCKED, {"document_index": index})


def add(session: Session, vault: Vault, identity: Identity, person: Mapping[str, Any], consent_version: str) -> Person:
    """A new person, locked; or the same one that another unit of work added at this moment.

    The key is committed before the row that uses it; one that no row came to use is swept.
    """
    [key] = vault.keystore.issue(1)
    person_id = UUID(new_id())
    row = columns(vault, key, person_id, identity, person)
    told = {"subject_key": vault.subject_key(key), "consent_version": consent_version}
    statement = insert(Person).values(id=person_id, key_id=key.id, **told, **row)
    session.execute(statement.on_conflict_do_nothing(index_elements=[Person.document_index]))
    found = find(session, vault, identity)
    assert found is not None
    return found


def renew(vault: Vault, known: Person, identity: Identity, person: Mapping[str, Any], consent_version: str) -> None:
    """Write anew what a known person's document and form say now.

    Raises Refused `being_erased` if its key is gone already and its erasure goes on.
    """
    key = vault.keystore.read([known.key_id]).get(known.key_id)
    if key is None:
        raise Refused("being_erased")
    for name, value in columns(vault, key, known.id, identity, person).items():
        setattr(known, name, value)
    known.consent_version = consent_version


def masked(vault: Vault, rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """The rows of a page with masks in place of what is sealed; the keystore is read once.

    A person whose key is gone has masks of nothing.
    """
    keys = vault.keystore.read({row["key_id"] for row in rows}) if rows else {}
    return [{**row, **_masks(keys.get(row["key_id"]), row)} for row in rows]


def _masks(key: PersonKey | None, row: Mapping[Any, Any]) -> dict[str, masking.MaskedText | None]:
    def text(column: InstrumentedAttribute[Any]) -> str:
        sealed: SealedText | None = row[column.key]
        return "" if key is None or sealed is None else sealed.open(key, column, row["person_id"]).reveal()

    masks: dict[str, masking.MaskedText | None] = {
        "name": masking.name(text(Person.name)),
        "document_no": masking.document(DocumentKind.read(row["document_kind"]), text(Person.document_no)),
    }
    return masks if row.get("mobile") is None else masks | {"mobile": masking.mobile(text(Person.mobile))}
