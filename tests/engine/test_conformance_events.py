"""Every supported construct of events and event sub-processes runs right."""

import pytest

from tests.engine.conftest import World
from tests.engine.rows import Run
from tests.engine.rows_events import ROWS
from tests.engine.running import check_row, town

__all__ = ["town"]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(town: World, row: Run) -> None:
    check_row(town, row)
