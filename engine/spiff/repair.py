"""Write a diagram so that SpiffWorkflow runs what a reader of it means.

A pure function over the XML: the file itself stays as it was published and drawn. Elements keep
their ids, so history and drawing are those of the file; what is added bears a new id, which no
drawing knows, and is passed in silence.

What is written anew: links become flows; several flows out of one element pass a parallel
gateway, conditional ones an inclusive gateway; referenced event definitions stand in their
events; values of timers get their quotes; event sub-processes become boundary events of all that
they watch (see ``watching``).
"""

from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from engine.spiff.elements import BPMN, flow_nodes, local, scopes_of
from engine.spiff.timers import is_literal
from engine.spiff.watching import watch

_ACTIVITIES = frozenset(
    f"{BPMN}{tag}"
    for tag in (
        *("task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask"),
        *("receiveTask", "businessRuleTask", "callActivity", "subProcess", "transaction"),
    )
)
#: Events that SpiffWorkflow lets have one flow out only.
_EVENTS = frozenset(
    f"{BPMN}{tag}"
    for tag in ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "startEvent")
)
#: Attribute of an event definition -> root element -> attribute that SpiffWorkflow compares by.
_REFERENCES = {
    "messageRef": ("message", "name"),
    "signalRef": ("signal", "name"),
    "errorRef": ("error", "errorCode"),
    "escalationRef": ("escalation", "escalationCode"),
}


@dataclass
class Repaired:
    """A diagram as it is run."""

    root: etree._Element
    #: Scopes that were added -> the scope that is drawn.
    homes: dict[str, str] = field(default_factory=dict)
    #: Boundary events that were added -> scope and id of the start event that is drawn.
    starts: dict[str, tuple[str, str]] = field(default_factory=dict)


class Names:
    """Gives ids that the file does not have."""

    def __init__(self, root: etree._Element) -> None:
        self._taken = {node.get("id") for node in root.iter() if node.get("id")}

    def new(self, base: str) -> str:
        """Return an id that begins like another one."""
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}{number}"
        self._taken.add(name)
        return name


def repaired(root: etree._Element) -> Repaired:
    """Return a copy of a file as it is run."""
    result = Repaired(deepcopy(root))
    names = Names(result.root)
    _inline_definitions(result.root)
    _name_all(result.root)
    _quote_timers(result.root)
    for process in result.root.iterchildren(f"{BPMN}process"):
        for scope in list(scopes_of(process)):
            _name_flows(scope, names)
            _join_links(scope, names)
            _split_flows(scope, names)
            _tell_flows_apart(scope, names)
        for scope in list(scopes_of(process)):
            watch(scope, names, result)
    return result


def _inline_definitions(root: etree._Element) -> None:
    shared = {n.get("id"): n for n in root if str(n.tag).endswith("EventDefinition")}
    for reference in list(root.iter(f"{BPMN}eventDefinitionRef")):
        definition = shared.get((reference.text or "").strip().rpartition(":")[2])
        event = reference.getparent()
        if definition is None or event is None:
            continue
        copy = deepcopy(definition)
        del copy.attrib["id"]
        copy.tail = None
        event.replace(reference, copy)


def _name_all(root: etree._Element) -> None:
    """Give messages, signals, errors and escalations what SpiffWorkflow tells them apart by.

    References to them lose the prefix that some editors write.
    """
    for reference, (tag, attribute) in _REFERENCES.items():
        for holder in root.iterfind(f".//*[@{reference}]"):
            holder.set(reference, holder.get(reference, "").rpartition(":")[2])
        for node in root.iterchildren(f"{BPMN}{tag}"):
            if not node.get(attribute):
                node.set(attribute, node.get("id", ""))


def _quote_timers(root: etree._Element) -> None:
    for definition in root.iter(f"{BPMN}timerEventDefinition"):
        for holder in definition:
            text = (holder.text or "").strip()
            if is_literal(text, local(holder)):
                holder.text = f'"{text}"'


def _flows_out(scope: etree._Element, node_id: str | None) -> list[etree._Element]:
    flows = scope.iterchildren(f"{BPMN}sequenceFlow")
    return [flow for flow in flows if flow.get("sourceRef") == node_id]


def _flow(scope: etree._Element, names: Names, source: str, target: str) -> etree._Element:
    made = etree.SubElement(scope, f"{BPMN}sequenceFlow")
    made.set("id", names.new(f"{source}.to.{target}"))
    made.set("sourceRef", source)
    made.set("targetRef", target)
    return made


def _node(scope: etree._Element, names: Names, tag: str, base: str) -> str:
    made = etree.SubElement(scope, f"{BPMN}{tag}")
    made.set("id", names.new(base))
    return made.get("id", "")


def _name_flows(scope: etree._Element, names: Names) -> None:
    """Give each flow an id: without one SpiffWorkflow takes it for a default flow."""
    for flow in scope.iterchildren(f"{BPMN}sequenceFlow"):
        if not flow.get("id"):
            flow.set("id", names.new("flow"))


def _join_links(scope: etree._Element, names: Names) -> None:
    """Draw a flow from each throwing link to the catching one of its name."""
    catching = {
        definition.get("name"): event
        for event in scope.iterchildren(f"{BPMN}intermediateCatchEvent")
        for definition in event.iterchildren(f"{BPMN}linkEventDefinition")
    }
    for event in list(scope.iterchildren(f"{BPMN}intermediateThrowEvent")):
        for definition in event.findall(f"{BPMN}linkEventDefinition"):
            target = catching.get(definition.get("name"))
            if target is not None:
                _flow(scope, names, event.get("id", ""), target.get("id", ""))
            event.remove(definition)
    for event in catching.values():
        for definition in event.findall(f"{BPMN}linkEventDefinition"):
            event.remove(definition)
        event.tag = f"{BPMN}intermediateThrowEvent"
        event.attrib.pop("parallelMultiple", "")


def _split_flows(scope: etree._Element, names: Names) -> None:
    for node in flow_nodes(scope):
        if node.tag in _ACTIVITIES | _EVENTS:
            flows = _flows_out(scope, node.get("id"))
            default = str(node.attrib.pop("default", ""))
            conditional = [f for f in flows if _condition(f) is not None and f.get("id") != default]
            if conditional:
                _choose(scope, names, node, flows, conditional, default)
            elif len(flows) > 1:
                _reroute(scope, names, node, "parallelGateway", flows)


def _condition(flow: etree._Element) -> etree._Element | None:
    return flow.find(f"{BPMN}conditionExpression")


def _reroute(
    scope: etree._Element,
    names: Names,
    node: etree._Element,
    tag: str,
    flows: list[etree._Element],
) -> etree._Element:
    """Let flows leave a new gateway behind their element."""
    source = node.get("id", "")
    gateway = _node(scope, names, tag, f"{source}.split")
    for flow in flows:
        flow.set("sourceRef", gateway)
    _flow(scope, names, source, gateway)
    return scope[-2]


def _choose(
    scope: etree._Element,
    names: Names,
    node: etree._Element,
    flows: list[etree._Element],
    conditional: list[etree._Element],
    default: str,
) -> None:
    """Take each conditional flow whose condition holds, the default where none does.

    Flows without a condition are always taken.
    """
    always = [f for f in flows if f not in conditional and f.get("id") != default]
    otherwise = [f for f in flows if f.get("id") == default]
    if always and otherwise:
        _reroute(scope, names, node, "inclusiveGateway", conditional + otherwise).set(
            "default", default
        )
        _reroute(scope, names, node, "parallelGateway", _flows_out(scope, node.get("id")))
        return
    gateway = _reroute(scope, names, node, "inclusiveGateway", flows)
    if otherwise:
        gateway.set("default", default)
    for flow in always:
        etree.SubElement(flow, f"{BPMN}conditionExpression").text = "True"


def _tell_flows_apart(scope: etree._Element, names: Names) -> None:
    """Put an empty step into the second of two flows between the same two elements."""
    seen = set()
    for flow in list(scope.iterchildren(f"{BPMN}sequenceFlow")):
        ends = flow.get("sourceRef", ""), flow.get("targetRef", "")
        if ends in seen:
            between = _node(scope, names, "intermediateThrowEvent", f"{ends[0]}.pass")
            flow.set("targetRef", between)
            _flow(scope, names, between, ends[1])
        seen.add(ends)
