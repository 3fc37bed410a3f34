"""Read what a .bpmn file draws: boxes, lines and labels beside what they mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle of a drawing; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def grown(self, by: float) -> "Box":
        """Return it with a margin around; a negative one shrinks it."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: "Box") -> bool:
        """Tell whether the two share more than an edge."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: "Box") -> bool:
        """Tell whether the other lies inside, edges included."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom

    def distance(self, other: "Box") -> float:
        """Return the free room between the two along the worse axis; 0 where they meet."""
        across = max(self.x - other.right, other.x - self.right, 0.0)
        return max(across, self.y - other.bottom, other.y - self.bottom)


def segment(one: Point, other: Point) -> Box:
    """Return a piece of a line as a flat box."""
    (x, y), (u, v) = one, other
    return Box(min(x, u), min(y, v), abs(x - u), abs(y - v))


@dataclass(frozen=True)
class Shape:
    """A node, a lane, a pool or a note."""

    id: str
    kind: str
    fa: str
    en: str
    box: Box
    #: Where its name stands outside it; None when it stands inside.
    label: Box | None
    lane: str
    host: str


@dataclass(frozen=True)
class Line:
    """A sequence flow or an association."""

    id: str
    kind: str
    fa: str
    en: str
    source: str
    target: str
    points: tuple[Point, ...]
    label: Box | None
    conditional: bool

    @cached_property
    def segments(self) -> list[Box]:
        """Its straight pieces, from the source on."""
        return [segment(one, other) for one, other in pairwise(self.points)]


_NOT_DRAWN = {"laneSet", "documentation", "extensionElements", "ioSpecification", "dataObject"}
_LINES = {"sequenceFlow", "association"}


class Drawing:
    """One file: what it means beside what it draws."""

    def __init__(self, path: Path) -> None:
        self.root = etree.fromstring(path.read_bytes())
        drawn = [*self.root.iter(f"{DI}BPMNShape"), *self.root.iter(f"{DI}BPMNEdge")]
        #: Ids of what has a place in the drawing, as often as it has one.
        self.drawn_ids = [each.get("bpmnElement", "") for each in drawn]
        self.drawn = dict(zip(self.drawn_ids, drawn, strict=True))
        processes = self.root.findall(f"{BPMN}process")
        self.lane_of = {
            ref.text or "": lane.get("id", "")
            for lane in self.root.iter(f"{BPMN}lane")
            for ref in lane.iterchildren(f"{BPMN}flowNodeRef")
        }
        parts = [
            each
            for process in processes
            for each in process
            if etree.QName(each).localname not in _NOT_DRAWN
        ]
        #: Elements that must be drawn.
        self.meant = [
            *self.root.iter(f"{BPMN}participant"),
            *self.root.iter(f"{BPMN}lane"),
            *parts,
        ]

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """Everything with a box, by id."""
        return {each.id: each for each in self._shapes()}

    @cached_property
    def nodes(self) -> list[Shape]:
        """The flow nodes."""
        aside = {"participant", "lane", "textAnnotation"}
        return [each for each in self.shapes.values() if each.kind not in aside]

    @cached_property
    def lines(self) -> list[Line]:
        """The flows and associations."""
        return [
            _line(each, self.drawn[each.get("id", "")]) for each in self.meant if _is_line(each)
        ]

    @property
    def flows(self) -> list[Line]:
        """The sequence flows."""
        return [each for each in self.lines if each.kind == "sequenceFlow"]

    def of_kind(self, kind: str) -> list[Shape]:
        """Return the shapes of one kind."""
        return [each for each in self.shapes.values() if each.kind == kind]

    def _shapes(self) -> Iterator[Shape]:
        for each in self.meant:
            if not _is_line(each):
                drawn, element_id = self.drawn[each.get("id", "")], each.get("id", "")
                yield Shape(
                    element_id,
                    etree.QName(each).localname,
                    each.get("name") or each.findtext(f"{BPMN}text") or "",
                    name_en(each),
                    _bounds(drawn),
                    _label(drawn),
                    self.lane_of.get(element_id, ""),
                    each.get("attachedToRef", ""),
                )


def name_en(element: etree._Element) -> str:
    """Return the English name that a diagram carries as a property."""
    for each in element.iterfind(f"{BPMN}extensionElements/{SPIFF}properties/{SPIFF}property"):
        if each.get("name") == "nameEn":
            return each.get("value", "")
    return ""


def _is_line(element: etree._Element) -> bool:
    return etree.QName(element).localname in _LINES


def _bounds(drawn: etree._Element) -> Box:
    bounds = drawn.find(f"{DC}Bounds")
    assert bounds is not None, drawn.get("id")
    return Box(*(float(bounds.get(name, "nan")) for name in ("x", "y", "width", "height")))


def _label(drawn: etree._Element) -> Box | None:
    label = drawn.find(f"{DI}BPMNLabel")
    return None if label is None else _bounds(label)


def _line(element: etree._Element, drawn: etree._Element) -> Line:
    points = [(float(p.get("x", "")), float(p.get("y", ""))) for p in drawn.iter(f"{DD}waypoint")]
    return Line(
        element.get("id", ""),
        etree.QName(element).localname,
        element.get("name", ""),
        name_en(element),
        element.get("sourceRef", ""),
        element.get("targetRef", ""),
        tuple(points),
        _label(drawn),
        element.find(f"{BPMN}conditionExpression") is not None,
    )
