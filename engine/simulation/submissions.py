"""Who submits, and what: values for the form of a task or message, or for what reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from engine.calendar import local_date
from engine.deployments import published
from engine.forms_of import OPEN, form_for, options_for
from engine.functions import functions_for
from engine.identity import Actor
from engine.instances import data_of
from engine.models import MessageSubscription, ProcessInstance, StoredFile, UserTask
from engine.simulation import variables
from engine.simulation.form_values import Blank, fill
from engine.transaction import Transaction

Work = UserTask | MessageSubscription


class Anybody(Actor):
    """A person who may do whatever is open, in whichever post it asks for."""

    def has(self, role: str, scope: str = "") -> bool:  # noqa: ARG002
        """Tell that every post is held."""
        return True


def person_for(work: Work) -> Actor:
    """Return who does a step: its assignee, or one person for each step (so four eyes see it)."""
    name = (work.assignee or work.key) if isinstance(work, UserTask) else work.element_id
    return Anybody(name, name, name)


@dataclass(frozen=True)
class Drawing:
    """How values are drawn."""

    random: Random
    #: Values that are not drawn.
    given: Mapping[str, Any]
    #: Variables of the case that keep their values where a task has no form.
    fixed: frozenset[str]


def draw(
    tx: Transaction, instance: ProcessInstance, work: Work, drawing: Drawing
) -> dict[str, Any] | None:
    """Return values that a task or message takes; None where none were found."""
    form = form_for(tx, instance, work)
    if form is OPEN:
        return {**_variables(tx, instance, work, drawing), **drawing.given}
    return fill(
        Blank(
            form=form,
            context=data_of(tx, instance),
            options=options_for(tx, form, instance),
            functions=functions_for(tx),
            today=local_date(tx.now),
            random=drawing.random,
            attach=lambda: _attached(tx, instance, work, drawing.random),
            given=drawing.given,
        )
    )


def _variables(
    tx: Transaction, instance: ProcessInstance, work: Work, drawing: Drawing
) -> dict[str, Any]:
    task = variables.Task(
        bundle=published(tx, instance.definition_id).bundle,
        process_key=work.process_key,
        element_id=work.key if isinstance(work, UserTask) else work.element_id,
        data=data_of(tx, instance),
        fixed=drawing.fixed,
    )
    return variables.draw(task, drawing.random)


def _attached(tx: Transaction, instance: ProcessInstance, work: Work, random: Random) -> str:
    """Attach a paper without content; its id comes from the seed, as all values do."""
    paper = StoredFile(
        id=str(UUID(int=random.getrandbits(128), version=4)),
        sha256="0" * 64,
        name="simulated.pdf",
        content_type="application/pdf",
        size=0,
        instance_id=instance.id,
        task_id=work.id,
        form_key=work.form_key,
        uploaded_by="",
        uploaded_at=tx.now,
    )
    tx.session.add(paper)
    return paper.id
