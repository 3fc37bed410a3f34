"""What the gate finds, and what it must know of the installation."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from engine.identity import Role
from engine.lint.rules import SENTENCES
from engine.spiff.elements import Diagram, Element
from forms.expressions import ExpressionError


@dataclass(frozen=True)
class Known:
    """What diagrams may refer to."""

    roles: Mapping[str, Role]
    #: Names of the handlers, or the handlers by name: then what they give is known as well.
    handlers: Collection[str]
    form_keys: frozenset[str]
    #: False for diagrams of other makers, whose tasks name no roles and forms.
    strict: bool = True

    @property
    def titles(self) -> frozenset[str]:
        """The lane names that mean a role."""
        return frozenset(role.fa for role in self.roles.values())

    def outputs(self, handler: str) -> frozenset[str] | None:
        """Return the variables that a handler declares to set; None where it declares nothing.

        A handler declares them as its attribute ``outputs``.
        """
        one = self.handlers.get(handler) if isinstance(self.handlers, Mapping) else None
        given = getattr(one, "outputs", None)
        return None if given is None else frozenset(given)


@dataclass(frozen=True)
class Problem:
    """One finding."""

    file: str
    rule: str
    severity: Literal["error", "warning"]
    element_id: str
    element_name: str
    message_fa: str
    message_en: str
    #: What fills the gaps of the sentence; kept so that a repair can use it.
    detail: str = field(default="", compare=False)

    def as_dict(self) -> dict[str, str]:
        """Return the fields that ``kartabl lint --format json`` prints."""
        row = asdict(self)
        row.pop("detail")
        return row

    def __str__(self) -> str:
        place = f"{self.file}: {self.element_id}" if self.element_id else self.file
        return f"{place}: {self.message_en} [{self.rule}]"


def problem(
    file: str,
    rule: str,
    element: Element | Diagram | str | None = None,
    detail: str = "",
    severity: Literal["error", "warning"] = "error",
) -> Problem:
    """Make a finding with the rule's sentences."""
    fa, en = SENTENCES[rule]
    if isinstance(element, Diagram):
        element_id, name = element.key, element.name_fa
    elif isinstance(element, Element):
        element_id, name = element.id, element.name_fa
    else:
        element_id, name = element or "", ""
    return Problem(
        file, rule, severity, element_id, name, fa.format(detail), en.format(detail), detail
    )


def expression_problem(file: str, element: Element, error: ExpressionError) -> Problem:
    """Make a finding with an expression's own sentences."""
    return Problem(
        file,
        "expression",
        "error",
        element.id,
        element.name_fa,
        error.message_fa,
        error.message_en,
    )
