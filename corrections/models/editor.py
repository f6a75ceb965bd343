"""People with a login."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_security.core import UserMixin, WebAuthnMixin
from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections.db import Base, Key, enum_type
from corrections.domain import limits
from corrections.domain.actors import Role


class Notify(StrEnum):
    """How an editor is told of new errata."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"
    NEVER = "never"

    @property
    def pause(self) -> timedelta | None:
        """The time between two digests; None where there are none."""
        return {Notify.HOURLY: timedelta(hours=1), Notify.DAILY: timedelta(days=1)}.get(self)


class Editor(Base, UserMixin):
    """A person with a login; what Flask-Security needs is at the end."""

    __tablename__ = "editor"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(limits.NAME))
    email: Mapped[str] = mapped_column(String(limits.EMAIL), unique=True)
    role: Mapped[Role] = mapped_column(enum_type(Role))
    active: Mapped[bool] = mapped_column(default=True)
    notify: Mapped[Notify] = mapped_column(enum_type(Notify), default=Notify.AT_ONCE)
    sections: Mapped[list[str]] = mapped_column(JSON, default=list)
    digest_due_at: Mapped[datetime | None]
    added_at: Mapped[datetime]

    # Flask-Security describes plain values where SQLAlchemy has columns, hence the exceptions.
    password: Mapped[str | None] = mapped_column(String(255))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment] # without passkeys, none
        String(64), unique=True
    )
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(JSON)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))

    webauthn: Mapped[list["Passkey"]] = relationship(  # type: ignore[assignment] # ours are Passkeys
        back_populates="editor", cascade="all, delete-orphan"
    )

    @property
    def roles(self) -> list[Any]:  # type: ignore[override] # nobody sets it
        """Flask-Security's roles; ours is the column ``role``."""
        return []


class Passkey(Base, WebAuthnMixin):
    """A passkey of an editor (W3C Web Authentication)."""

    __tablename__ = "passkey"

    id: Mapped[Key]
    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(JSON)
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime]
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))

    editor: Mapped[Editor] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, Any]:
        """How Flask-Security finds the owner."""
        return {"id": self.editor_id}
