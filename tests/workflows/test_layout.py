"""The five drawings can be read: nothing overlaps, nothing is cut, every name fits in both languages."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from tests.workflows.drawing import BPMN, Box, Drawing, Line, Shape
from tests.workflows.lettering import LINE, text_width, wrapped

FOLDER = Path(__file__).parents[2] / "workflows"
FILES = sorted(FOLDER.rglob("*.bpmn"))
#: Room between a task's border and its text.
PADDING = 7
#: Corner of a task where the picture of its kind stands.
ICON = Box(2, 2, 23, 22)
#: Height of the foot of a call activity where its plus sign stands.
FOOT = 20
#: Width of the strip with the name of a lane or a pool, and free room at the ends of that name.
STRIP, ENDS = 30, 6

#: Clauses of W-SA-08-00 by process, as the procedure's table of processes gives them.
CLAUSES = {
    "office_onboarding": "3-2, 3-3, 4-2, 4-3, 5-2, 5-3, 5-4",
    "district_inquiry": "3-2-2, 4-2-2, 4-2-3",
    "contract_exchange": "3-3-2, 4-3-2, 5-2, 6-2",
    "software_installation": "3-3-3, 3-5-1, 3-5-2, 4-3-3",
    "user_training": "3-3-4, 4-3-4, 4-3-5",
}


@pytest.fixture(params=FILES, ids=lambda path: path.parent.name)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    """Give one diagram after the other."""
    return Drawing(request.param)


def test_all_diagrams_are_looked_at() -> None:
    assert {path.parent.name for path in FILES} >= set(CLAUSES)


def test_everything_is_drawn_once(drawing: Drawing) -> None:
    assert sorted(drawing.drawn) == sorted(each.get("id", "") for each in drawing.meant)
    assert len(drawing.drawn_ids) == len(drawing.drawn)


def test_lanes_fill_the_pool(drawing: Drawing) -> None:
    [pool] = drawing.of_kind("participant")
    lanes = sorted((each.box for each in drawing.of_kind("lane")), key=lambda box: box.y)
    assert all((box.x, box.right) == (pool.box.x + STRIP, pool.box.right) for box in lanes)
    edges = [pool.box.y, *(box.bottom for box in lanes)]
    assert [box.y for box in lanes] == edges[:-1]
    assert edges[-1] == pool.box.bottom


def test_nodes_lie_in_their_lanes(drawing: Drawing) -> None:
    for node in drawing.nodes:
        lane = drawing.shapes[node.lane].box
        inside = Box(lane.x + STRIP, lane.y, lane.width - STRIP, lane.height)
        assert inside.grown(-5).holds(node.box), node.id


def test_nodes_keep_apart(drawing: Drawing) -> None:
    aside = [*drawing.nodes, *drawing.of_kind("textAnnotation")]
    for one, other in combinations(aside, 2):
        if one.id != other.host and other.id != one.host:
            assert one.box.distance(other.box) >= 15, (one.id, other.id)


def test_boundary_events_sit_on_the_border(drawing: Drawing) -> None:
    for event in drawing.of_kind("boundaryEvent"):
        host, (x, y) = drawing.shapes[event.host].box, event.box.middle
        assert host.holds(Box(x, y, 0, 0)), event.id
        assert min(x - host.x, host.right - x, y - host.y, host.bottom - y) <= 1, event.id


def test_every_name_is_in_both_languages(drawing: Drawing) -> None:
    parts: list[Shape | Line] = [*drawing.shapes.values(), *drawing.lines]
    for each in parts:
        assert bool(each.en) or not each.fa, each.id
        unnamed = each.kind.endswith("Gateway") or isinstance(each, Line)
        assert each.fa or unnamed, each.id


def test_choices_are_named(drawing: Drawing) -> None:
    for flow in drawing.flows:
        choice = drawing.shapes[flow.source].kind == "exclusiveGateway"
        siblings = [each for each in drawing.flows if each.source == flow.source]
        if flow.conditional or (choice and len(siblings) > 1):
            assert flow.fa, flow.id
            assert flow.en, flow.id


def _text_box(shape: Shape, name: str) -> tuple[list[str], Box]:
    """Return a name's lines inside a task, and the room they take in the task's coordinates."""
    lines = wrapped(name, shape.box.width - 2 * PADDING)
    width, height = max(map(text_width, lines)), len(lines) * LINE
    middle = shape.box.width / 2, shape.box.height / 2
    return lines, Box(middle[0] - width / 2, middle[1] - height / 2, width, height)


def _tasks(drawing: Drawing) -> Iterator[tuple[Shape, str]]:
    for node in drawing.nodes:
        if node.kind.endswith(("Task", "callActivity")):
            yield from ((node, name) for name in (node.fa, node.en))


def test_task_names_fit(drawing: Drawing) -> None:
    for task, name in _tasks(drawing):
        lines, text = _text_box(task, name)
        assert len(lines) <= 4, (task.id, lines)
        assert text.width <= task.box.width - 2 * PADDING, (task.id, lines)
        foot = FOOT if task.kind == "callActivity" else PADDING
        assert text.y >= PADDING, (task.id, lines)
        assert text.bottom <= task.box.height - foot, (task.id, lines)


def test_task_names_stand_clear_of_icons_and_events(drawing: Drawing) -> None:
    for task, name in _tasks(drawing):
        lines, text = _text_box(task, name)
        events = [each.box for each in drawing.of_kind("boundaryEvent") if each.host == task.id]
        for number, line in enumerate(lines):
            width = text_width(line)
            x, y = (task.box.width - width) / 2, text.y + number * LINE + 2
            ink = Box(x, y, width, LINE - 4)
            assert task.kind == "callActivity" or not ink.meets(ICON), (task.id, lines)
            there = Box(task.box.x + x, task.box.y + y, width, LINE - 4)
            assert not any(there.meets(event) for event in events), (task.id, lines)


def test_lane_and_pool_names_fit(drawing: Drawing) -> None:
    for each in [*drawing.of_kind("lane"), *drawing.of_kind("participant")]:
        for name in (each.fa, each.en):
            length = each.box.height - 2 * ENDS
            lines = wrapped(name, length)
            assert len(lines) * LINE <= STRIP, (each.id, lines)
            assert max(map(text_width, lines)) <= length, (each.id, lines)


def _labelled(drawing: Drawing) -> Iterator[Shape | Line]:
    outside = ("Event", "Gateway")
    yield from (each for each in drawing.nodes if each.kind.endswith(outside) and each.fa)
    yield from (each for each in drawing.flows if each.fa)


def _label(each: Shape | Line) -> Box:
    """Return the room of a label: its drawn width, and the lines that the longer language takes."""
    assert each.label is not None, each.id
    lines = max(len(wrapped(name, each.label.width)) for name in (each.fa, each.en))
    return Box(each.label.x, each.label.y, each.label.width, lines * LINE)


def test_labels_are_wide_enough(drawing: Drawing) -> None:
    for each in _labelled(drawing):
        for name in (each.fa, each.en):
            lines = wrapped(name, _label(each).width)
            assert max(map(text_width, lines)) <= _label(each).width, (each.id, lines)
            assert len(lines) <= 3, (each.id, lines)


def test_labels_overlap_nothing(drawing: Drawing) -> None:
    labels = {each.id: _label(each) for each in _labelled(drawing)}
    shapes = {each.id: each.box for each in [*drawing.nodes, *drawing.of_kind("textAnnotation")]}
    lanes = [each.box for each in drawing.of_kind("lane")]
    for element_id, label in labels.items():
        met = [other for other, box in shapes.items() if label.meets(box)]
        met += [other for other, box in labels.items() if other != element_id and label.meets(box)]
        met += [
            line.id
            for line in drawing.lines
            if any(label.meets(each.grown(0.5)) for each in line.segments)
        ]
        assert not met, (element_id, met)
        assert any(lane.holds(label) for lane in lanes), element_id


def test_labels_lie_near_what_they_name(drawing: Drawing) -> None:
    for each in _labelled(drawing):
        parts = [each.box] if isinstance(each, Shape) else each.segments[:2]
        assert min(_label(each).distance(part) for part in parts) <= 10, each.id


def test_flows_end_at_their_shapes(drawing: Drawing) -> None:
    for flow in drawing.flows:
        ends = (flow.source, flow.points[0]), (flow.target, flow.points[-1])
        for element_id, (x, y) in ends:
            box = drawing.shapes[element_id].box
            assert box.grown(0.5).holds(Box(x, y, 0, 0)), flow.id
            assert not box.grown(-1).holds(Box(x, y, 0, 0)), flow.id


def test_flows_run_square_and_leave_room_for_their_arrows(drawing: Drawing) -> None:
    for flow in drawing.flows:
        assert all(min(each.width, each.height) == 0 for each in flow.segments), flow.id
        assert max(flow.segments[-1].width, flow.segments[-1].height) >= 15, flow.id
        assert len(flow.segments) <= 5, flow.id


def test_flows_cross_no_shape(drawing: Drawing) -> None:
    for line in drawing.lines:
        for node in drawing.nodes:
            allowed = {line.source, line.target, drawing.shapes[line.source].host}
            if node.id in allowed or drawing.shapes[line.target].host == node.id:
                box = node.box.grown(-1)
            else:
                box = node.box.grown(5)
            assert not any(box.meets(part) for part in line.segments), (line.id, node.id)


def _run_together(one: Box, other: Box) -> bool:
    """Tell whether two pieces lie side by side for a while, so that the eye takes them for one."""
    if (one.width == 0) != (other.width == 0) or not one.grown(6).meets(other.grown(1)):
        return False
    if one.width == 0:
        return min(one.bottom, other.bottom) - max(one.y, other.y) > 2
    return min(one.right, other.right) - max(one.x, other.x) > 2


def test_flows_do_not_lie_on_one_another(drawing: Drawing) -> None:
    for one, other in combinations(drawing.flows, 2):
        if one.target != other.target:
            for piece in one.segments:
                beside = [each for each in other.segments if _run_together(piece, each)]
                assert not beside, (one.id, other.id)


def _reachable(flows: list[Line], start: str, drawing: Drawing) -> set[str]:
    """Return what can follow an element; a task is followed by its boundary events as well."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += [flow.target for flow in flows if flow.source == here]
            todo += [each.id for each in drawing.nodes if each.host == here]
    return seen


def test_flows_run_left_to_right(drawing: Drawing) -> None:
    """Only a flow that closes a loop may go back."""
    for flow in drawing.flows:
        source, target = (drawing.shapes[end].box for end in (flow.source, flow.target))
        back = target.middle[0] < source.middle[0] - 1
        assert not back or flow.source in _reachable(drawing.flows, flow.target, drawing), flow.id


def test_processes_name_their_clauses(drawing: Drawing) -> None:
    [process] = drawing.root.findall(f"{BPMN}process")
    clauses = CLAUSES[process.get("id", "")]
    assert process.findtext(f"{BPMN}documentation") == f"W-SA-08-00: {clauses}"


def test_lanes_stand_in_one_order(drawing: Drawing) -> None:
    """A reader finds the lanes in the drawing in the order in which the file lists them."""
    tops = [each.box.y for each in drawing.of_kind("lane")]
    assert all(upper < lower for upper, lower in pairwise(tops))
