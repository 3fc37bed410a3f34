"""Say in the gate's words why a simulation stopped."""

from collections.abc import Callable

from engine.errors import DefinitionRefused, FormInvalid, Refusal, StepLimit
from engine.lint import Problem
from engine.models import UserTask
from engine.simulation.case import NotFilled
from engine.simulation.problems import SENTENCES, Place, found, said
from engine.spiff.places import element_of

#: Tells where an element stands.
Lookup = Callable[[str], Place]


class Stopped(Exception):
    """The run ends here."""

    def __init__(self, verdict: str, *problems: Problem) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.problems = list(problems)


def answer_refused(place: Place, refusal: FormInvalid) -> Stopped:
    """Return the stop at an answer that its form does not take."""
    fa, en = SENTENCES["answer-refused"]
    return Stopped(
        "failed",
        *(
            said(
                "answer-refused",
                fa.format(f"{error.path}: {error.message_fa}"),
                en.format(f"{error.path}: {error.message_en}"),
                place,
            )
            for error in refusal.errors
        ),
    )


def explained(error: Exception, lookup: Lookup) -> Stopped:
    """Return what an exception means for the run."""
    place = lookup(element_of(error))
    match error:
        case Stopped():
            return error
        case DefinitionRefused():
            return Stopped("refused", *error.problems)
        case StepLimit():
            return Stopped("step_limit", found("step-limit", place))
        case NotFilled():
            return Stopped("failed", _not_filled(error, lookup))
        case Refusal():
            return Stopped("failed", said("expression", error.message_fa, error.message_en, place))
    detail = f"{type(error).__name__}: {error}"[:500]
    return Stopped("failed", found("internal", place, detail=detail))


def _not_filled(error: NotFilled, lookup: Lookup) -> Problem:
    """Return why no values were taken: the form, or what happened behind it."""
    work, reason = error.work, error.reason
    place = lookup(work.key if isinstance(work, UserTask) else work.element_id)
    if reason is None:
        return found("form-unfilled", place, detail=work.form_key)
    behind = element_of(reason)
    sentences = reason.message_fa, reason.message_en
    return said("expression", *sentences, lookup(behind) if behind else place)
