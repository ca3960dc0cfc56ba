"""Names that look the same are the same: the unique index folds them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INDEX = "uq_union_organization_superior_id_name"
_UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0"
)
_FOREIGN = (
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u051d\u0475\u04bb"
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
)
_LATIN = "abekmhopctyxijsdqwvhabezhikmnoptyx"
_SEEN = f"regexp_replace(normalize(name, NFKC), '[{_UNSEEN}]', '', 'g')"
_SPACED = f"btrim(regexp_replace({_SEEN}, '\\s+', ' ', 'g'))"
_FOLDED = f"translate(lower({_SPACED}), '{_FOREIGN}', '{_LATIN}')"


def upgrade() -> None:
    """Replace the index; it fails, and names the two, where look-alikes are there already."""
    op.drop_index(_INDEX, "union_organization")
    op.create_index(
        _INDEX,
        "union_organization",
        ["superior_id", sa.text(_FOLDED)],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
