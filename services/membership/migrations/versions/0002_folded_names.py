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
_SEEN = f"regexp_replace(normalize(name, NFKC), '[{_UNSEEN}]', '', 'g')"
_FOLDED = f"lower(btrim(regexp_replace({_SEEN}, '\\s+', ' ', 'g')))"


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
