"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "editor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "role",
            sa.Enum("triager", "editor", "admin", name="role", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column(
            "notify",
            sa.Enum(
                "at_once",
                "hourly",
                "daily",
                "never",
                name="notify",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("digest_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("fs_webauthn_user_handle", sa.String(length=64), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editor")),
        sa.UniqueConstraint("email", name=op.f("uq_editor_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_editor_fs_uniquifier")),
        sa.UniqueConstraint("fs_webauthn_user_handle", name=op.f("uq_editor_fs_webauthn_user_handle")),
    )
    op.create_table(
        "erratum_count",
        sa.Column(
            "status",
            sa.Enum(
                "reported",
                "verified",
                "needs_info",
                "held",
                "fixed",
                "rejected",
                "merged",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("status", name=op.f("pk_erratum_count")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("home_url", sa.String(length=2000), nullable=False),
        sa.Column("hosts", sa.JSON(), nullable=False),
        sa.Column("licence", sa.String(length=2000), nullable=False),
        sa.Column("reply_address", sa.String(length=254), nullable=False),
        sa.Column("tag_authority", sa.String(length=2000), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=92), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("title", sa.String(length=1000), nullable=False),
        sa.Column("byline", sa.String(length=500), nullable=True),
        sa.Column("section", sa.String(length=200), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("licence", sa.String(length=2000), nullable=True),
        sa.Column("corrections_made", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_article_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
        sa.UniqueConstraint("url", name=op.f("uq_article_url")),
    )
    op.create_index(op.f("ix_article_publication_id"), "article", ["publication_id"], unique=False)
    op.create_index("ix_article_recent", "article", ["published_at", "id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column("create_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lastuse_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["editor.id"], name=op.f("fk_passkey_editor_id_editor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_editor_id"), "passkey", ["editor_id"], unique=False)
    op.create_table(
        "article_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("title", "url", name="name_kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("key", sa.String(length=600), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("key <> ''", name=op.f("ck_article_name_key")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_name_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_name")),
        sa.UniqueConstraint("article_id", "kind", "key", name=op.f("uq_article_name_article_id_kind_key")),
    )
    op.create_index("ix_article_name_lookup", "article_name", ["kind", "key"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "typo",
                "correction",
                "clarification",
                "editors_note",
                "retraction",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("original_text", sa.Text(), nullable=False),
        sa.Column("corrected_text", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "published", "withdrawn", name="correction_state", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("editor_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_correction_article_id_article")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["correction.id"], name=op.f("fk_correction_supersedes_id_correction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("article_id", "sequence", name=op.f("uq_correction_article_id_sequence")),
        sa.UniqueConstraint("number", name=op.f("uq_correction_number")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_correction_supersedes_id")),
    )
    op.create_index(
        "ix_correction_article", "correction", ["article_id", "current", "published_at", "number"], unique=False
    )
    op.create_index(op.f("ix_correction_first_number"), "correction", ["first_number"], unique=False)
    op.create_index("ix_correction_kind", "correction", ["current", "kind", "published_at", "number"], unique=False)
    op.create_index("ix_correction_listed", "correction", ["current", "listed", "published_at", "number"], unique=False)
    op.create_index("ix_correction_log", "correction", ["current", "published_at", "number"], unique=False)
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_snapshot_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_snapshot_article_id_number")),
    )
    op.create_table(
        "erratum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("article_as_given", sa.String(length=2000), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.Column(
            "certainty",
            sa.Enum(
                "certain", "likely", "unknown", name="certainty", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column(
            "anchor_state",
            sa.Enum(
                "anchored",
                "ambiguous",
                "orphaned",
                "already_fixed",
                name="anchor_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("start_offset", sa.Integer(), nullable=True),
        sa.Column("end_offset", sa.Integer(), nullable=True),
        sa.Column("original_text", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("corrected_text", sa.Text(), nullable=False),
        sa.Column("claim_key", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "typo",
                "correction",
                "clarification",
                "editors_note",
                "retraction",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "severity",
            sa.Enum(
                "minor", "normal", "serious", name="severity", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "reported",
                "verified",
                "needs_info",
                "held",
                "fixed",
                "rejected",
                "merged",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "resolution",
            sa.Enum(
                "not_an_error",
                "wont_fix",
                "out_of_scope",
                "withdrawn",
                "spam",
                name="resolution",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(start_offset IS NULL) = (end_offset IS NULL) AND (anchor_state <> 'anchored' OR start_offset IS NOT NULL)",
            name=op.f("ck_erratum_place"),
        ),
        sa.CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_erratum_merged")),
        sa.CheckConstraint("(status = 'rejected') = (resolution IS NOT NULL)", name=op.f("ck_erratum_resolved")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_erratum_article_id_article")),
        sa.ForeignKeyConstraint(["assignee_id"], ["editor.id"], name=op.f("fk_erratum_assignee_id_editor")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["erratum.id"], name=op.f("fk_erratum_merged_into_id_erratum")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_erratum_snapshot_id_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erratum")),
        sa.UniqueConstraint("number", name=op.f("uq_erratum_number")),
    )
    op.create_index("ix_erratum_article", "erratum", ["article_id", "status", "id"], unique=False)
    op.create_index(op.f("ix_erratum_assignee_id"), "erratum", ["assignee_id"], unique=False)
    op.create_index("ix_erratum_claim", "erratum", ["claim_key", "id"], unique=False)
    op.create_index(op.f("ix_erratum_merged_into_id"), "erratum", ["merged_into_id"], unique=False)
    op.create_index("ix_erratum_most_reported", "erratum", ["status", "report_count", "id"], unique=False)
    op.create_index("ix_erratum_newest", "erratum", ["status", "last_reported_at", "id"], unique=False)
    op.create_index("ix_erratum_queue", "erratum", ["status", "reported_at", "id"], unique=False)
    op.create_table(
        "correction_erratum",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("erratum_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_correction_erratum_correction_id_correction")
        ),
        sa.ForeignKeyConstraint(["erratum_id"], ["erratum.id"], name=op.f("fk_correction_erratum_erratum_id_erratum")),
        sa.PrimaryKeyConstraint("correction_id", "erratum_id", name=op.f("pk_correction_erratum")),
    )
    op.create_index(op.f("ix_correction_erratum_erratum_id"), "correction_erratum", ["erratum_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=1000), nullable=True),
        sa.Column("submission_key", sa.String(length=100), nullable=False),
        sa.Column("erratum_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "widget",
                "api",
                "mail",
                "cli",
                "import",
                "system",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "screening",
            sa.Enum("held", "passed", "spam", name="screening", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("screening_reason", sa.String(length=200), nullable=False),
        sa.Column(
            "certainty",
            sa.Enum(
                "certain", "likely", "unknown", name="certainty", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("article_as_given", sa.String(length=2000), nullable=False),
        sa.Column("article_key", sa.String(length=64), nullable=False),
        sa.Column("original_text", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("corrected_text", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("reporter_name", sa.String(length=200), nullable=True),
        sa.Column("reporter_email", sa.String(length=254), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["erratum_id"], ["erratum.id"], name=op.f("fk_report_erratum_id_erratum")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("reference", name=op.f("uq_report_reference")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_report_submission_key")),
    )
    op.create_index("ix_report_article_key", "report", ["article_key", "received_at"], unique=False)
    op.create_index("ix_report_erratum", "report", ["erratum_id", "id"], unique=False)
    op.create_index("ix_report_screening", "report", ["screening", "id"], unique=False)
    op.create_index("ix_report_sender", "report", ["sender", "received_at"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "submitted",
                "placed",
                "screened",
                "contact_added",
                "contact_confirmed",
                "withdrawn",
                "erased",
                "noted",
                "assigned",
                "edited",
                "verified",
                "asked",
                "held",
                "rejected",
                "fixed",
                "reopened",
                "merged",
                "unmerged",
                "split",
                "published",
                "amended",
                "taken_back",
                "text_changed",
                "seen_live",
                name="event_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "widget",
                "api",
                "mail",
                "cli",
                "import",
                "system",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("erratum_id", sa.Integer(), nullable=True),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.Column(
            "old_status",
            sa.Enum(
                "reported",
                "verified",
                "needs_info",
                "held",
                "fixed",
                "rejected",
                "merged",
                name="old_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "new_status",
            sa.Enum(
                "reported",
                "verified",
                "needs_info",
                "held",
                "fixed",
                "rejected",
                "merged",
                name="new_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "report_id IS NOT NULL OR erratum_id IS NOT NULL OR correction_id IS NOT NULL",
            name=op.f("ck_event_subject"),
        ),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_event_correction_id_correction")),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name=op.f("fk_event_editor_id_editor")),
        sa.ForeignKeyConstraint(["erratum_id"], ["erratum.id"], name=op.f("fk_event_erratum_id_erratum")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_event_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_correction", "event", ["correction_id", "id"], unique=False)
    op.create_index("ix_event_erratum", "event", ["erratum_id", "id"], unique=False)
    op.create_index("ix_event_report", "event", ["report_id", "id"], unique=False)
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("mail", "webhook", name="message_kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("template", sa.String(length=50), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("thread", sa.String(length=250), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_outbox_message_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint(
            "event_id", "recipient", "template", name=op.f("uq_outbox_message_event_id_recipient_template")
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_message_id")),
    )
    op.create_index(
        "ix_outbox_message_due",
        "outbox_message",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
    )
    op.create_index("ix_outbox_message_recipient", "outbox_message", ["recipient", "template", "owed_at"], unique=False)


def downgrade() -> None:
    for table in (
        "outbox_message",
        "event",
        "report",
        "correction_erratum",
        "erratum",
        "snapshot",
        "correction",
        "article_name",
        "passkey",
        "article",
        "publication",
        "erratum_count",
        "editor",
        "counter",
    ):
        op.drop_table(table)
