"""What was published: deployments, their files, and the process definitions in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Deployment(Base):
    """One immutable, content-hashed bundle of diagrams and forms."""

    __tablename__ = "deployment"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 over the sorted names and digests of the files.
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    #: Code and revision of the controlled document, as «W-SA-08-00».
    document: Mapped[str] = mapped_column(String(40))
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str] = mapped_column(String(120))


class Resource(Base):
    """One file of a deployment."""

    __tablename__ = "resource"

    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    #: As "office_onboarding.bpmn" or "office_onboarding/request.json".
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ProcessDefinition(Base):
    """A parsed diagram at a version."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version"), Index(None, "deployment_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    #: The BPMN process id.
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    name_fa: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    resource: Mapped[str] = mapped_column(String(200))
    #: Role ids that may start it, comma separated; "" where only other processes call it.
    starters: Mapped[str] = mapped_column(String(400), default="")
