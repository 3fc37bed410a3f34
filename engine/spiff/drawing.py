"""Read from a diagram's XML what SpiffWorkflow does not keep: names, lanes, properties, flows."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.spiff.elements import (
    BPMN,
    INNER,
    SPIFF,
    Diagram,
    Element,
    Flow,
    Repetition,
    flow_nodes,
    local,
)

#: Attribute of an event definition or task -> tag of the root element that it names.
_NAMED = {
    "messageRef": "message",
    "signalRef": "signal",
    "errorRef": "error",
    "escalationRef": "escalation",
}
_SUFFIX = "EventDefinition"


@dataclass(frozen=True)
class _File:
    """What elements of a file refer to."""

    #: Id -> message, signal, error or escalation.
    named: dict[str, etree._Element]
    #: Id -> event definition outside of events.
    definitions: dict[str, etree._Element]
    #: Id of an element -> name of its lane.
    lanes: dict[str, str]

    @classmethod
    def of(cls, root: etree._Element) -> "_File":
        tags = {f"{BPMN}{tag}" for tag in _NAMED.values()}
        named = {n.get("id", ""): n for n in root if n.tag in tags}
        definitions = {n.get("id", ""): n for n in root if local(n).endswith(_SUFFIX)}
        lanes = {
            (ref.text or "").strip(): lane.get("name", "")
            for lane in root.iter(f"{BPMN}lane")
            for ref in lane.findall(f"{BPMN}flowNodeRef")
        }
        return cls(named, definitions, lanes)

    def events(self, node: etree._Element) -> list[etree._Element]:
        """Return the event definitions of an event, referenced ones included."""
        found = []
        for child in node:
            if local(child) == "eventDefinitionRef":
                name = (child.text or "").strip().rpartition(":")[2]
                if name in self.definitions:
                    found.append(self.definitions[name])
            elif local(child).endswith(_SUFFIX):
                found.append(child)
        return found

    def unresolved(self, node: etree._Element) -> tuple[str, ...]:
        """Return the references of an event or task that lead nowhere."""
        found = []
        for holder in [node, *self.events(node)]:
            for attribute, tag in _NAMED.items():
                value = holder.get(attribute)
                target = self.named.get((value or "").rpartition(":")[2])
                if value is not None and (target is None or local(target) != tag):
                    found.append(f"{attribute}={value}")
        for child in node.iterchildren(f"{BPMN}eventDefinitionRef"):
            name = (child.text or "").strip()
            if name.rpartition(":")[2] not in self.definitions:
                found.append(f"eventDefinitionRef={name}")
        return tuple(found)

    def name(self, node: etree._Element) -> tuple[str, str]:
        """Return the name of the message or signal of an event, and the code of its error."""
        for holder in [*self.events(node), node]:
            for attribute, tag in _NAMED.items():
                target = self.named.get(holder.get(attribute, "").rpartition(":")[2])
                if target is not None and local(target) == tag:
                    own = target.get("id", "")
                    if tag in {"message", "signal"}:
                        return str(target.get("name") or own), ""
                    return "", str(target.get(f"{tag}Code") or own)
        return "", ""


def _properties(node: etree._Element) -> dict[str, str]:
    path = f"{BPMN}extensionElements/{SPIFF}properties/{SPIFF}property"
    return {p.get("name", ""): p.get("value", "") for p in node.findall(path)}


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path) or "").strip()


def _kind(events: list[etree._Element], unresolved: tuple[str, ...]) -> str:
    if not events:
        return "eventDefinitionRef" if any("DefinitionRef" in u for u in unresolved) else ""
    return local(events[0]).removesuffix(_SUFFIX) if len(events) == 1 else "multiple"


def _repetition(node: etree._Element) -> Repetition | None:
    loop = node.find(f"{BPMN}standardLoopCharacteristics")
    if loop is not None:
        condition = _text(loop, f"{BPMN}loopCondition")
        return Repetition("standard", condition=condition, maximum=loop.get("loopMaximum", ""))
    several = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if several is None:
        return None
    items = [several.find(f"{BPMN}{tag}DataItem") for tag in ("input", "output")]
    names = ["" if item is None else item.get("id", "") for item in items]
    return Repetition(
        "sequential" if several.get("isSequential") == "true" else "parallel",
        cardinality=_text(several, f"{BPMN}loopCardinality"),
        condition=_text(several, f"{BPMN}completionCondition"),
        behavior=several.get("behavior", "All"),
        data_input=_text(several, f"{BPMN}loopDataInputRef"),
        data_output=_text(several, f"{BPMN}loopDataOutputRef"),
        input_item=names[0],
        output_item=names[1],
    )


def _features(node: etree._Element) -> tuple[str, ...]:
    found = ["ioSpecification"] if node.find(f"{BPMN}ioSpecification") is not None else []
    quantities = ("startQuantity", "completionQuantity")
    found.extend(name for name in quantities if node.get(name, "1") != "1")
    found.extend(name for name in ("isForCompensation", "instantiate") if node.get(name) == "true")
    if node.get("eventGatewayType", "Exclusive") != "Exclusive":
        found.append("eventGatewayType")
    # SpiffWorkflow knows these; the engine passes values by name (``payload``) and merges those
    # of handlers, so that what they ask for would be ignored.
    found.extend(tag for tag in ("messagePayload", "messageVariable") if _has(node, tag))
    found.extend(
        tag
        for kind in ("Input", "Output")
        for tag in ("assignment", "transformation")
        if node.find(f"{BPMN}data{kind}Association/{BPMN}{tag}") is not None
    )
    operator = node.find(f"{BPMN}extensionElements/{SPIFF}serviceTaskOperator")
    if operator is not None and operator.get("resultVariable"):
        found.append("resultVariable")
    return tuple(found)


def _has(node: etree._Element, tag: str) -> bool:
    return local(node) not in INNER and next(node.iter(f"{SPIFF}{tag}"), None) is not None


def _flow(node: etree._Element) -> Flow:
    holder = node.find(f"{BPMN}conditionExpression")
    condition = "" if holder is None else (holder.text or "").strip()
    source, target = node.get("sourceRef", ""), node.get("targetRef", "")
    name = node.get("id") or f"{source} to {target}"
    return Flow(name, source, target, condition, holder is not None)


def _associated(node: etree._Element, tag: str, end: str) -> tuple[str, ...]:
    refs = node.findall(f"{BPMN}{tag}Association/{BPMN}{end}")
    return tuple((ref.text or "").strip() for ref in refs)


def _parameters(operator: etree._Element | None) -> dict[str, str]:
    if operator is None:
        return {}
    return {p.get("id", ""): p.get("value", "") for p in operator.iter(f"{SPIFF}parameter")}


def _element(node: etree._Element, file: _File, lane: str) -> Element:
    properties = _properties(node)
    extensions = f"{BPMN}extensionElements/{SPIFF}"
    operator = node.find(f"{extensions}serviceTaskOperator")
    events, unresolved = file.events(node), file.unresolved(node)
    message, code = file.name(node)
    one = events[0] if len(events) == 1 else etree.Element("none")
    timer = next(iter(one), None) if local(one) == "timerEventDefinition" else None
    around = (node.findtext(f"{extensions}{tag}Script") for tag in ("pre", "post"))
    name = node.get("name", "")
    marker = "isInterrupting" if local(node) == "startEvent" else "cancelActivity"
    return Element(
        id=node.get("id", ""),
        type=local(node),
        name_fa=name,
        name_en=properties.get("nameEn", name),
        lane=file.lanes.get(node.get("id", ""), lane),
        properties=properties,
        called=node.get("calledElement", ""),
        handler=operator.get("id", "") if operator is not None else "",
        message=message,
        code=code,
        timer=(timer.text or "").strip() if timer is not None else "",
        timer_kind=local(timer) if timer is not None else "",
        condition=_text(one, f"{BPMN}condition"),
        link=one.get("name", "") if local(one) == "linkEventDefinition" else "",
        attached_to=node.get("attachedToRef", ""),
        interrupting=node.get(marker, "true") == "true",
        event=_kind(events, unresolved),
        default=node.get("default", ""),
        script=_text(node, f"{BPMN}script"),
        around=tuple(text.strip() for text in around if text and text.strip()),
        parameters=_parameters(operator),
        repetition=_repetition(node),
        watching=node.get("triggeredByEvent") == "true",
        reads=_associated(node, "dataInput", "sourceRef"),
        writes=_associated(node, "dataOutput", "targetRef"),
        features=_features(node),
        performers=tuple(t for t in _PERFORMERS if node.find(f"{BPMN}{t}") is not None),
        foreign=_foreign(node),
        unresolved=unresolved,
    )


def _data_objects(scope: etree._Element) -> dict[str, str]:
    objects = {n.get("id", ""): n.get("id", "") for n in scope.iterchildren(f"{BPMN}dataObject")}
    references = {
        n.get("id", ""): n.get("dataObjectRef", "")
        for n in scope.iterchildren(f"{BPMN}dataObjectReference")
    }
    return objects | references


def _diagram(scope: etree._Element, process_key: str, parent: str, file: _File) -> Diagram:
    properties = _properties(scope)
    name = scope.get("name", "")
    # What lies in a sub-process is in the lane that holds the sub-process.
    lane = file.lanes.get(scope.get("id", ""), "") if parent else ""
    elements = [_element(node, file, lane) for node in flow_nodes(scope)]
    named = (str(n.get("name") or n.get("id")) for n in scope.iterchildren(f"{BPMN}property"))
    return Diagram(
        key=scope.get("id", ""),
        process_key=process_key,
        name_fa=name,
        name_en=properties.get("nameEn", name),
        elements={element.id: element for element in elements},
        sequence=tuple(_flow(f) for f in scope.iterchildren(f"{BPMN}sequenceFlow")),
        lanes=frozenset(lane.get("name", "") for lane in scope.iter(f"{BPMN}lane")),
        properties=properties,
        parent=parent,
        type=local(scope),
        data_objects=_data_objects(scope),
        variables=frozenset(named),
        documentation=_text(scope, f"{BPMN}documentation"),
        features=_features(scope) if not parent else (),
    )


def _scopes(scope: etree._Element, process_key: str, parent: str, file: _File) -> Iterator[Diagram]:
    key = scope.get("id", "")
    yield _diagram(scope, process_key, parent, file)
    for tag in INNER:
        for inner in scope.iterchildren(f"{BPMN}{tag}"):
            # A lane that is inherited reaches what lies deeper still.
            file.lanes.setdefault(inner.get("id", ""), file.lanes.get(key, ""))
            yield from _scopes(inner, process_key, key, file)


#: Names of people and groups at a task, which this engine takes from its lane.
_PERFORMERS = ("resourceRole", "performer", "humanPerformer", "potentialOwner")
#: Namespaces whose extensions change nothing of how a diagram runs.
_HARMLESS = ("http://bpmn.io/", "http://www.omg.org/", "http://www.w3.org/", SPIFF[1:-1])


def _foreign(node: etree._Element) -> tuple[str, ...]:
    """Return what another maker's editor has written at an element."""
    inside = (c.tag for c in node.iterfind(f"{BPMN}extensionElements/*") if isinstance(c.tag, str))
    names = (etree.QName(name) for name in (*inside, *map(str, node.attrib)))
    return tuple(
        sorted(
            {n.localname for n in names if n.namespace and not n.namespace.startswith(_HARMLESS)}
        )
    )


def loose_lanes(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Yield lanes that name an element which is not there, or that another lane names as well.

    Each as lane id, "reference" or "lane-twice", and the element's id.
    """
    ids = {node.get("id") for node in root.iter(f"{BPMN}*")}
    seen: dict[str, etree._Element] = {}
    for lane in root.iter(f"{BPMN}lane"):
        for ref in lane.findall(f"{BPMN}flowNodeRef"):
            name = (ref.text or "").strip()
            other = seen.setdefault(name, lane)
            if name not in ids:
                yield lane.get("id", ""), "reference", f"flowNodeRef={name}"
            elif other is not lane and other not in lane.iterancestors():
                yield lane.get("id", ""), "lane-twice", name


def not_run(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield what stands beside the processes and would be ignored: its id and what it is."""
    for tag in ("dataStore", "correlationProperty"):
        yield from ((n.get("id", ""), tag) for n in root.iterchildren(f"{BPMN}{tag}"))
    for node in root.iter(f"{BPMN}correlationKey"):
        yield node.get("id", ""), "correlationKey"
    for tag in _NAMED.values():
        for node in root.iterchildren(f"{BPMN}{tag}"):
            for extension in ("payloadExpression", "variableName"):
                if node.find(f"{BPMN}extensionElements/{SPIFF}{extension}") is not None:
                    yield node.get("id", ""), extension


def diagrams(root: etree._Element) -> list[Diagram]:
    """Return the executable processes of a file, each followed by its embedded sub-processes."""
    file = _File.of(root)
    return [
        scope
        for process in root.findall(f"{BPMN}process")
        if process.get("isExecutable") == "true"
        for scope in _scopes(process, process.get("id", ""), "", file)
    ]
