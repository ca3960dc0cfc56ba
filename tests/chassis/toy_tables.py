"""Tables of the toy service and its clock, apart from its handlers, which only its own process may register."""

from sqlalchemy import Column, MetaData, Table, Text, Uuid

metadata = MetaData()

#: One row for each time that a command or a reaction took effect; no constraint, so that doubles would show.
effect = Table("toy_effect", metadata, Column("of", Uuid, nullable=False), Column("text", Text, nullable=False))
#: Texts that no longer fail.
cured = Table("toy_cured", metadata, Column("text", Text, primary_key=True))
#: The clock of what a title has fall due.
CLOCK = "toy"
