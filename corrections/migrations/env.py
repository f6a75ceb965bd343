"""How Alembic reaches the database: through the connection that corrections.migrating hands in."""

from alembic import context

from corrections import models  # noqa: F401 - fills the metadata
from corrections.db import Base
from corrections.migrating import is_ours

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_object=is_ours,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
