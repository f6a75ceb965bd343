"""Mail that comes in, what its parts are, where mail came back from, and how a report was understood."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
LIVE = sa.text("way <> 'import'")


def upgrade() -> None:
    _inbox()
    _attachments()
    _bounced()
    op.add_column("report", sa.Column("read_original", sa.Text(), nullable=False, server_default=""))
    op.add_column("report", sa.Column("read_corrected", sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox_message", sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox_message", "bounced_at")
    op.drop_column("report", "read_corrected")
    op.drop_column("report", "read_original")
    for table in ("bounced_address", "attachment", "inbox_report", "inbox_message"):
        op.drop_table(table)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def _inbox() -> None:
    kinds = ("report", "reply", "command", "autoreply", "bounce", "list", "spam", "ours", "empty")
    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("way", _words("way", "pipe", "lmtp", "imap", "import"), nullable=False),
        sa.Column("envelope_from", sa.String(length=320), nullable=True),
        sa.Column("envelope_to", sa.JSON(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _words("letter_state", "waiting", "read", "failed"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", _words("letter_kind", *kinds), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=1000), nullable=False),
        sa.Column("subject", sa.String(length=1000), nullable=False),
        sa.Column("from_name", sa.String(length=200), nullable=False),
        sa.Column("from_address", sa.String(length=320), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_message_key")),
    )
    op.create_index("ix_inbox_message_waiting", "inbox_message", ["id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_inbox_message_live", "inbox_message", ["id"], sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_index("ix_inbox_message_kind", "inbox_message", ["kind", "id"])
    op.create_index("ix_inbox_message_received", "inbox_message", ["received_at"])
    op.create_index("ix_inbox_message_from", "inbox_message", ["from_address"])
    op.create_table(
        "inbox_report",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("inbox_message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_inbox_report_report_id_report")),
        sa.ForeignKeyConstraint(
            ["inbox_message_id"], ["inbox_message.id"], name=op.f("fk_inbox_report_inbox_message_id_inbox_message")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_inbox_report")),
    )
    op.create_index(op.f("ix_inbox_report_inbox_message_id"), "inbox_report", ["inbox_message_id"])


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_evidence", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["inbox_message.id"],
            name=op.f("fk_attachment_message_id_inbox_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_message_id"), "attachment", ["message_id"])


def _bounced() -> None:
    op.create_table(
        "bounced_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("bounces", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounced_address")),
        sa.UniqueConstraint("address", name=op.f("uq_bounced_address_address")),
    )
