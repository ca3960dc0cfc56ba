"""Runs migrations on the connection that `chassis.migrate` holds; each chain keeps a version table of its own."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    version_table=context.config.attributes["version_table"],
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
