"""Who people are and which post they hold where."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base


class User(Base):
    """A person who can log in."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    name_fa: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    #: A blocked person keeps his history and cannot log in.
    active: Mapped[bool] = mapped_column(default=True)
    #: Demo accounts share one printed password; production refuses them.
    demo: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="fa")
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="user", lazy="joined")


class Assignment(Base):
    """A post that a person holds: a role within a scope, from a day to a day."""

    __tablename__ = "assignment"
    __table_args__ = (Index(None, "role", "scope"), Index(None, "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(String(60))
    #: "" for the company, a district code, or an office code, as the role's scope kind says.
    scope: Mapped[str] = mapped_column(String(40), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    user: Mapped[User] = relationship(back_populates="assignments")


class LoginFailure(Base):
    """A refused log-in, kept so that guessing slows down across restarts and nodes."""

    __tablename__ = "login_failure"
    __table_args__ = (Index(None, "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The log-in name or the address that failed.
    key: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class AccessToken(Base):
    """A secret by which a program acts for a person; only its hash is kept."""

    __tablename__ = "access_token"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    #: What the person calls the program.
    name: Mapped[str] = mapped_column(String(80))
    #: SHA-256 of the token.
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    #: How the token begins, so that its owner knows it again.
    hint: Mapped[str] = mapped_column(String(12))
    #: Values of ``engine.tokens.Scope``.
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    #: To the minute.
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
