"""What a diagram shows of a case."""

from engine import diagram, instances
from tests.engine.bpmn import end, flow, start, user, xor
from tests.engine.conftest import CLERK, World


def _state(world: World, case: str) -> dict[str, object]:
    with world.engine.reading() as tx:
        return diagram.state(tx, instances.get(tx, case), "p", {"p"})


def test_the_path_taken_and_where_it_stands(world: World) -> None:
    world.draw(
        start(starters="clerk"),
        user("a"),
        xor("g", default="left"),
        user("b"),
        user("c"),
        end(),
        end("finish_c"),
        flow("begin", "a"),
        flow("a", "g"),
        flow("g", "b", flow_id="left"),
        flow("g", "c", 'outcome == "c"'),
        flow("b", "finish"),
        flow("c", "finish_c"),
        lanes={"کارمند": ["begin", "a", "g", "b", "finish"], "رئیس": ["c", "finish_c"]},
    )
    case = world.start(CLERK)
    assert _state(world, case) == {
        "done": ["begin"],
        "flows": ["f_begin_a"],
        "current": [{"id": "a", "fa": "کارمند", "en": "Clerk"}],
        "counts": {},
    }
    world.do(CLERK, case, "a", outcome="c")
    state = _state(world, case)
    assert state["done"] == ["a", "begin", "g"]
    assert state["flows"] == ["f_a_g", "f_begin_a", "f_g_c"]
    assert state["current"] == [{"id": "c", "fa": "رئیس", "en": "Chief"}]
    with world.engine.reading() as tx:
        definition_id = instances.get(tx, case).definition_id
        assert b'id="finish_c"' in diagram.xml(tx, definition_id, "p")
