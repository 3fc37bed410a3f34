"""The gate refuses what would not run right: by rule and element, in both languages."""

import pytest

from engine.errors import DefinitionRefused
from engine.lint import Known, check
from engine.lint.rules import SENTENCES
from tests.engine.conftest import ANY, ROLES, World
from tests.engine.rows import Refusal
from tests.engine.rows_refused import ROWS
from tests.engine.running import town

__all__ = ["town"]

KNOWN = Known(ROLES, frozenset({"place"}), frozenset({"test/any"}))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Refusal) -> None:
    bundle = {f"d{n}.bpmn": content for n, content in enumerate(row.files)}
    found = check({**bundle, "test/any.json": ANY}, KNOWN)
    assert (row.rule, row.element) in {(p.rule, p.element_id) for p in found}, found
    [one, *_] = [p for p in found if (p.rule, p.element_id) == (row.rule, row.element)]
    if row.rule != "variable":  # an error only where all handlers declare what they set
        assert one.severity == row.severity
    assert one.file
    assert "{}" not in one.message_fa + one.message_en


@pytest.mark.parametrize("row", [r for r in ROWS if r.severity == "error"], ids=str)
def test_nothing_of_it_is_published(town: World, row: Refusal) -> None:
    if row.rule == "variable":
        pytest.skip("the test handlers declare nothing")
    with pytest.raises(DefinitionRefused) as refused:
        town.deploy(*row.files)
    assert (row.rule, row.element) in {(p.rule, p.element_id) for p in refused.value.problems}


def test_every_rule_has_both_sentences() -> None:
    for rule, (fa, en) in SENTENCES.items():
        assert fa.count("{}") == en.count("{}"), rule
        assert any("\u0600" <= c <= "\u06ff" for c in fa) or fa == "{}", rule
