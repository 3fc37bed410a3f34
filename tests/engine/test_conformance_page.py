"""The page about BPMN support says what the tests do."""

from tests.engine.rows_refused import ROWS as REFUSED
from tests.engine.support_page import PAGE, RUNS, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make docs`"


def test_no_row_stands_twice() -> None:
    for rows in (RUNS, REFUSED):
        names = [str(row) for row in rows]
        assert len(names) == len(set(names))
