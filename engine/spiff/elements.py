"""Read from a diagram's XML what SpiffWorkflow does not keep: names, lanes, properties, flows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
#: Bytes of one diagram; larger ones are refused before they are parsed.
MOST_BYTES = 2_000_000


class XmlRefused(ValueError):
    """The file is no XML that is taken here."""


def read_xml(content: bytes, name: str) -> etree._Element:
    """Parse bytes with entities, DTD and network off.

    Raises:
        XmlRefused: for broken XML, a DOCTYPE, or a file beyond ``MOST_BYTES``.

    """
    if len(content) > MOST_BYTES:
        raise XmlRefused(f"{name}: the file is larger than {MOST_BYTES} bytes")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlRefused(f"{name}: {error}") from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise XmlRefused(f"{name}: a DOCTYPE is not taken")
    return root


@dataclass(frozen=True)
class Element:
    """A flow node as it is drawn."""

    id: str
    #: Local name of the tag, as "userTask".
    type: str
    name_fa: str
    name_en: str
    #: Name of the lane it lies in; "" without lanes.
    lane: str
    properties: dict[str, str]
    #: Process id of a call activity's target.
    called: str = ""
    #: Handler of a service task.
    handler: str = ""
    #: Name of the message of a message event.
    message: str = ""
    #: Expression of a timer event.
    timer: str = ""
    #: Id of the task to which a boundary event is attached.
    attached_to: str = ""
    #: Whether a boundary event takes the task's token.
    interrupting: bool = True
    #: Kind of an event: "timer", "message", …; "" for none, "multiple" for several.
    event: str = ""
    #: Id of a gateway's default flow.
    default: str = ""
    #: Text of a script task.
    script: str = ""
    #: Markers that this engine does not run, as "multiInstanceLoopCharacteristics".
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    #: Its condition's text; "" without one.
    condition: str = ""


@dataclass(frozen=True)
class Diagram:
    """One process of a file, or an embedded sub-process inside one."""

    key: str
    #: Process whose drawing shows it: its own key, or that of the process around it.
    process_key: str
    name_fa: str
    name_en: str
    elements: dict[str, Element]
    sequence: tuple[Flow, ...]
    lanes: frozenset[str]
    properties: dict[str, str] = field(default_factory=dict)

    def start(self) -> Element:
        """Return the first start event."""
        return next(e for e in self.elements.values() if e.type == "startEvent")

    def calls(self) -> Iterator[Element]:
        """Yield the call activities."""
        return (e for e in self.elements.values() if e.called)


def _properties(node: etree._Element) -> dict[str, str]:
    path = f"{BPMN}extensionElements/{SPIFF}properties/{SPIFF}property"
    return {p.get("name", ""): p.get("value", "") for p in node.findall(path)}


def _lanes(process: etree._Element) -> dict[str, str]:
    return {
        (ref.text or "").strip(): lane.get("name", "")
        for lane in process.iter(f"{BPMN}lane")
        for ref in lane.findall(f"{BPMN}flowNodeRef")
    }


def _message(node: etree._Element, messages: dict[str, str]) -> str:
    definition = node.find(f"{BPMN}messageEventDefinition")
    holder = definition if definition is not None else node
    return messages.get(holder.get("messageRef", ""), "")


def _event(node: etree._Element) -> str:
    kinds = [
        etree.QName(child).localname.removesuffix("EventDefinition")
        for child in node
        if isinstance(child.tag, str) and child.tag.endswith("EventDefinition")
    ]
    if node.find(f"{BPMN}eventDefinitionRef") is not None:
        return "eventDefinitionRef"
    return kinds[0] if len(kinds) == 1 else "multiple" if kinds else ""


#: Children that change how an activity runs and that are not run rightly yet.
_FEATURES = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "ioSpecification")


def _features(node: etree._Element) -> tuple[str, ...]:
    found = [name for name in _FEATURES if node.find(f"{BPMN}{name}") is not None]
    if node.get("triggeredByEvent") == "true":
        found.append("triggeredByEvent")
    quantities = ("startQuantity", "completionQuantity")
    found.extend(name for name in quantities if node.get(name, "1") != "1")
    return tuple(found)


def _flow(node: etree._Element) -> Flow:
    condition = node.findtext(f"{BPMN}conditionExpression") or ""
    source, target = node.get("sourceRef", ""), node.get("targetRef", "")
    return Flow(node.get("id", ""), source, target, condition.strip())


def _element(node: etree._Element, lanes: dict[str, str], messages: dict[str, str]) -> Element:
    properties = _properties(node)
    operator = node.find(f"{BPMN}extensionElements/{SPIFF}serviceTaskOperator")
    timer = node.find(f"{BPMN}timerEventDefinition/*")
    name = node.get("name", "")
    return Element(
        id=node.get("id", ""),
        type=etree.QName(node).localname,
        name_fa=name,
        name_en=properties.get("nameEn", name),
        lane=lanes.get(node.get("id", ""), ""),
        properties=properties,
        called=node.get("calledElement", ""),
        handler=operator.get("id", "") if operator is not None else "",
        message=_message(node, messages),
        timer=(timer.text or "").strip() if timer is not None else "",
        attached_to=node.get("attachedToRef", ""),
        interrupting=node.get("cancelActivity", "true") == "true",
        event=_event(node),
        default=node.get("default", ""),
        script=(node.findtext(f"{BPMN}script") or "").strip(),
        features=_features(node),
    )


#: Children of a process that are not flow nodes.
_NOT_NODES = frozenset(
    f"{BPMN}{tag}"
    for tag in [
        "laneSet",
        "sequenceFlow",
        "extensionElements",
        "documentation",
        "ioSpecification",
        "textAnnotation",
        "association",
        "group",
        "dataObject",
        "dataObjectReference",
        "property",
    ]
)


def _diagram(
    process: etree._Element, process_key: str, lanes: dict[str, str], messages: dict[str, str]
) -> Diagram:
    nodes = [n for n in process if isinstance(n.tag, str) and n.tag not in _NOT_NODES]
    properties = _properties(process)
    name = process.get("name", "")
    return Diagram(
        key=process.get("id", ""),
        process_key=process_key,
        name_fa=name,
        name_en=properties.get("nameEn", name),
        elements={n.get("id", ""): _element(n, lanes, messages) for n in nodes},
        sequence=tuple(_flow(f) for f in process.iterchildren(f"{BPMN}sequenceFlow")),
        lanes=frozenset(lane.get("name", "") for lane in process.iter(f"{BPMN}lane")),
        properties=properties,
    )


def _scopes(
    node: etree._Element, process_key: str, lanes: dict[str, str], messages: dict[str, str]
) -> Iterator[Diagram]:
    yield _diagram(node, process_key, lanes, messages)
    for tag in ("subProcess", "transaction"):
        for inner in node.iterchildren(f"{BPMN}{tag}"):
            # What lies in a sub-process is in the lane that holds the sub-process.
            lane = lanes.get(inner.get("id", ""), "")
            inside = {n.get("id", ""): lane for n in inner if isinstance(n.tag, str)}
            yield from _scopes(inner, process_key, {**inside, **lanes}, messages)


def diagrams(root: etree._Element) -> list[Diagram]:
    """Return the executable processes of a file, each followed by its embedded sub-processes."""
    messages = {m.get("id", ""): m.get("name", "") for m in root.findall(f"{BPMN}message")}
    return [
        scope
        for process in root.findall(f"{BPMN}process")
        if process.get("isExecutable") == "true"
        for scope in _scopes(process, process.get("id", ""), _lanes(process), messages)
    ]
