"""The chassis' own tables, the same in every service's database."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

#: Names of constraints, so that a migration can speak of them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


def _moment(name: str, nullable: bool = False, now: bool = False) -> Column[object]:
    return Column(
        name, DateTime(timezone=True), nullable=nullable, server_default=func.clock_timestamp() if now else None
    )


#: The service's event log: written with the change it tells of, kept for ever, published by the relay.
outbox = Table(
    "outbox",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("event_type", Text, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    # `json` keeps the text as it was written, so that relay and history pass it on unread
    Column("body", JSON, nullable=False),
    _moment("recorded_at", now=True),
    _moment("published_at", nullable=True),
    Column("feed_position", BigInteger, unique=True),
    Column("unrouted", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("aggregate_id", "sequence"),
    Index("ix_outbox_pending", "position", postgresql_where=text("published_at IS NULL")),
)

#: The last feed position given out; one row.
feed = Table(
    "feed",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("position", BigInteger, nullable=False),
    CheckConstraint('"only"', name="one_row"),
)

#: Events already handled. Generation 0 belongs to reactions, which are never replayed; others to projections.
inbox = Table(
    "inbox",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, primary_key=True),
    _moment("received_at", now=True),
)

#: Generations of projection tables that live batches feed; readers use the one that is `current`.
generation = Table(
    "generation",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    _moment("opened_at", now=True),
    CheckConstraint("state IN ('current', 'building', 'verifying', 'retired')", name="state"),
    CheckConstraint("number > 0", name="number"),
    Index("ix_generation_current", "state", unique=True, postgresql_where=text("state = 'current'")),
)

#: Answers already given, by the client's key.
idempotency = Table(
    "idempotency",
    metadata,
    Column("actor_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("reply", JSON(none_as_null=True)),
    _moment("recorded_at", now=True),
    Index("ix_idempotency_recorded_at", "recorded_at"),
)

#: Events that could not be handled, with the reason and what an operator decided.
dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("event_id", Uuid),
    Column("event_type", Text),
    Column("body", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    _moment("first_failed_at", nullable=True),
    _moment("died_at", now=True),
    Column("state", Text, nullable=False, server_default="open"),
    Column("decided_by", Text),
    Column("decision_reason", Text),
    _moment("decided_at", nullable=True),
    CheckConstraint("state IN ('open', 'replayed', 'discarded')", name="state"),
    Index("ix_dead_letter_state_died_at", "state", "died_at"),
)

#: Business time; an empty date means now in Asia/Shanghai. One row.
business_clock = Table(
    "business_clock",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("today", Date),
    CheckConstraint('"only"', name="one_row"),
)

#: Clocks of the law that run: what is to be done about which aggregate, from which business day on.
due = Table(
    "due",
    metadata,
    Column("clock", Text, primary_key=True),
    Column("aggregate_id", Uuid, primary_key=True),
    Column("due_on", Date, nullable=False),
    # how often its handler failed, and the moment of machine time before which it is not tried again
    Column("failures", Integer, nullable=False, server_default=text("0")),
    _moment("retry_at", nullable=True),
    # the order in which they are done, so that the first is found without sorting a day's thousands
    Index("ix_due_due_on", "due_on", "clock", "aggregate_id"),
)

#: Where each union stands, from membership's `union_*` events; a projection.
union_tree = Table(
    "union_tree",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("union_id", Uuid, primary_key=True),
    Column("superior_id", Uuid),
    # what the version before this one has kept has none until the next rebuild
    Column("org_kind", Text),
    Column("name", Text, nullable=False),
    Column("region_code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Index("ix_union_tree_superior_id", "generation", "superior_id"),
)

#: What each membership was after each of its events, from membership's `member_*` events; a projection.
member_register = Table(
    "member_register",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, primary_key=True),
    Column("subject_key", Text, nullable=False),
    Column("membership_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("union_id", Uuid, nullable=False),
    Column("employer_id", Uuid),
    Column("state", Text, nullable=False),
    Column("worker_category", Text, nullable=False),
    Column("is_industrial_worker", Boolean, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("joined_on", Date, nullable=False),
    Index("ix_member_register_subject_key", "generation", "subject_key"),
)

#: Work that takes longer than a request: its progress, and what a restarted worker needs to go on.
job = Table(
    "job",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("request", JSON, nullable=False),
    Column("done", BigInteger, nullable=False, server_default=text("0")),
    Column("total", BigInteger),
    Column("progress", JSON(none_as_null=True)),
    Column("result", JSON(none_as_null=True)),
    Column("failure", JSON(none_as_null=True)),
    Column("cancel_requested", Boolean, nullable=False, server_default=text("false")),
    _moment("created_at", now=True),
    # name of the database session of the process that runs it: the job is free again when that session is gone
    Column("holder", Text),
    _moment("ended_at", nullable=True),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
    Index("ix_job_open", "created_at", postgresql_where=text("state IN ('queued', 'running')")),
)

#: A file on its way in or out, with its own key wrapped by the process's file key.
file = Table(
    "file",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner_id", Uuid, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("chunks", Integer),
    Column("size", BigInteger),
    Column("sha256", LargeBinary),
    _moment("created_at", now=True),
    _moment("expires_at"),
    Index("ix_file_expires_at", "expires_at"),
)

#: The file's pieces of 1 MiB, encrypted.
file_chunk = Table(
    "file_chunk",
    metadata,
    Column("file_id", ForeignKey("file.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)
