"""More elements for small diagrams: events, sub-processes, loops, data."""

from collections.abc import Iterable
from html import escape
from xml.etree import ElementTree as ET

from tests.engine.bpmn import diagram, extension

#: All flow nodes of these diagrams lie in this lane.
LANE = "کارمند"
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_NOT_NODES = {
    _BPMN + tag
    for tag in (
        *("sequenceFlow", "dataObject", "dataObjectReference", "textAnnotation", "association"),
        *("group", "dataStoreReference"),
    )
}


def timer(kind: str, text: str) -> str:
    """Return a timer definition; kind is Date, Duration or Cycle."""
    inner = f'<bpmn:time{kind} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:time{kind}>'
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def message(name: str) -> str:
    """Return a message definition."""
    return f'<bpmn:messageEventDefinition messageRef="{name}"/>'


def signal(name: str) -> str:
    """Return a signal definition."""
    return f'<bpmn:signalEventDefinition signalRef="{name}"/>'


def error(name: str = "") -> str:
    """Return an error definition; without a name it means any."""
    return f"<bpmn:errorEventDefinition{_ref('error', name)}/>"


def escalation(name: str = "") -> str:
    """Return an escalation definition."""
    return f"<bpmn:escalationEventDefinition{_ref('escalation', name)}/>"


def condition(text: str) -> str:
    """Return a condition definition."""
    inner = f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:condition>'
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def link(name: str) -> str:
    """Return a link definition."""
    return f'<bpmn:linkEventDefinition name="{name}"/>'


TERMINATE = "<bpmn:terminateEventDefinition/>"
CANCEL = "<bpmn:cancelEventDefinition/>"


def _ref(kind: str, name: str) -> str:
    return f' {kind}Ref="{name}"' if name else ""


def event(
    tag: str, element_id: str, definition: str = "", attributes: str = "", **given: str
) -> str:
    """Return an event of any type."""
    inner = (extension(given) if given else "") + definition
    return f'<bpmn:{tag} id="{element_id}" {attributes}>{inner}</bpmn:{tag}>'


def catch(element_id: str, definition: str, **given: str) -> str:
    """Return an intermediate catch event."""
    return event("intermediateCatchEvent", element_id, definition, **given)


def throw(element_id: str, definition: str = "", **given: str) -> str:
    """Return an intermediate throw event."""
    return event("intermediateThrowEvent", element_id, definition, **given)


def ending(element_id: str, definition: str = "") -> str:
    """Return an end event."""
    return event("endEvent", element_id, definition)


def begin(element_id: str, definition: str = "", *, interrupting: bool = True) -> str:
    """Return a start event, as for event sub-processes."""
    return event(
        "startEvent", element_id, definition, f'isInterrupting="{str(interrupting).lower()}"'
    )


def boundary(element_id: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    """Return a boundary event."""
    attributes = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
    return event("boundaryEvent", element_id, definition, attributes)


def sub(element_id: str, *parts: str, attributes: str = "", tag: str = "subProcess") -> str:
    """Return an embedded sub-process."""
    return f'<bpmn:{tag} id="{element_id}" {attributes}>{"".join(parts)}</bpmn:{tag}>'


def watching(element_id: str, start: str, *parts: str) -> str:
    """Return an event sub-process."""
    return sub(element_id, start, *parts, attributes='triggeredByEvent="true"')


def task(tag: str, element_id: str, inner: str = "", attributes: str = "") -> str:
    """Return a task of any type."""
    return f'<bpmn:{tag} id="{element_id}" {attributes}>{inner}</bpmn:{tag}>'


def several(inner: str, *, sequential: bool = False, attributes: str = "") -> str:
    """Return a multi-instance marker."""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f"{attributes}>{inner}</bpmn:multiInstanceLoopCharacteristics>"
    )


def times(count: str) -> str:
    """Return a cardinality."""
    kind = 'xsi:type="bpmn:tFormalExpression"'
    return f"<bpmn:loopCardinality {kind}>{escape(count)}</bpmn:loopCardinality>"


def over(items: str, item: str, results: str = "", result: str = "") -> str:
    """Return what a multi-instance runs over, and what it collects."""
    output = f"<bpmn:loopDataOutputRef>{results}</bpmn:loopDataOutputRef>" if results else ""
    out_item = f'<bpmn:outputDataItem id="{result}"/>' if result else ""
    return (
        f"<bpmn:loopDataInputRef>{items}</bpmn:loopDataInputRef>{output}"
        f'<bpmn:inputDataItem id="{item}"/>{out_item}'
    )


def until(text: str) -> str:
    """Return a completion condition."""
    kind = 'xsi:type="bpmn:tFormalExpression"'
    return f"<bpmn:completionCondition {kind}>{escape(text)}</bpmn:completionCondition>"


def loop(condition_text: str = "", *, most: str = "", before: bool = False) -> str:
    """Return a standard loop marker."""
    attributes = f' loopMaximum="{most}"' if most else ""
    attributes += ' testBefore="true"' if before else ""
    inner = (
        f"<bpmn:loopCondition>{escape(condition_text)}</bpmn:loopCondition>"
        if condition_text
        else ""
    )
    return (
        f"<bpmn:standardLoopCharacteristics{attributes}>{inner}</bpmn:standardLoopCharacteristics>"
    )


def within(element: str, inner: str) -> str:
    """Put a marker into an element, where the schema wants it."""
    if element.endswith("/>"):
        tag = element[1:].split(" ", maxsplit=1)[0]
        return f"{element[:-2]}>{inner}</{tag}>"
    for before in ("<bpmn:startEvent", "<bpmn:script>"):
        if before in element:
            return element.replace(before, inner + before, 1)
    head, _, tail = element.rpartition("</")
    return f"{head}{inner}</{tail}"


def process(*parts: str, key: str = "p", roots: str = "") -> bytes:
    """Return a file with one process, all of it in one lane; ``roots`` stand before it."""
    [drawn] = ET.fromstring(diagram(key, *parts)).findall(f"{_BPMN}process")  # noqa: S314
    ids = [node.get("id", "") for node in drawn if node.tag not in _NOT_NODES]
    content = diagram(key, *parts, lanes={LANE: ids})
    return content.replace(b"<bpmn:process ", roots.encode() + b"<bpmn:process ", 1)


def lane_set(lanes: Iterable[str], title: str) -> str:
    """Return lanes, each given as its id and those of its elements."""
    drawn = "".join(
        f'<bpmn:lane id="{lane}" name="{title}">'
        + "".join(f"<bpmn:flowNodeRef>{i}</bpmn:flowNodeRef>" for i in ids)
        + "</bpmn:lane>"
        for lane, *ids in map(str.split, lanes)
    )
    return f'<bpmn:laneSet id="lanes_p">{drawn}</bpmn:laneSet>'


def roots(**names: str) -> str:
    """Return root elements: kind -> names, as ``signal="news"``."""
    extra = {"error": "errorCode", "escalation": "escalationCode"}
    return "".join(
        f'<bpmn:{kind} id="{name}" name="{name}"'
        + (f' {extra[kind]}="{name}"' if kind in extra else "")
        + "/>"
        for kind, given in names.items()
        for name in given.split()
    )
