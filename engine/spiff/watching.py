"""Event sub-processes, written as boundary events.

An event sub-process watches all that happens in its process or sub-process. So the rest of that
scope moves into a new sub-process, and each start event of an event sub-process becomes a
boundary event on it, with the event sub-process behind. Those that do not interrupt are on the
inner of two such sub-processes, so that those that do also end their work.
"""

from typing import Protocol

from lxml import etree

from engine.spiff.elements import BPMN


class Ids(Protocol):
    """Gives ids that the file does not have."""

    def new(self, base: str) -> str:
        """Return an id that begins like another one."""


class Made(Protocol):
    """Where it is noted what was added."""

    homes: dict[str, str]
    starts: dict[str, tuple[str, str]]


#: What stays with a scope when its elements move inside.
_STAYS = frozenset(
    f"{BPMN}{tag}"
    for tag in (
        *("documentation", "extensionElements", "auditing", "monitoring", "property"),
        *("ioSpecification", "laneSet", "dataObject", "incoming", "outgoing"),
        *("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"),
        *("dataInputAssociation", "dataOutputAssociation"),
    )
)


def watch(scope: etree._Element, names: Ids, made: Made) -> None:
    """Write the event sub-processes of a scope as boundary events of the rest of it."""
    watchers = [n for n in scope.iterchildren(f"{BPMN}subProcess") if _watches(n)]
    leaving = [w for w in watchers if not _interrupts(w)]
    taking = [w for w in watchers if _interrupts(w)]
    for now in (leaving, taking):
        if now:
            _wrap(scope, now, names, made)


def _watches(node: etree._Element) -> bool:
    return node.get("triggeredByEvent") == "true"


def _start(watcher: etree._Element) -> etree._Element:
    """Return its start event; the gate has seen that there is one."""
    start = watcher.find(f"{BPMN}startEvent")
    return etree.Element("none") if start is None else start


def _interrupts(watcher: etree._Element) -> bool:
    return _start(watcher).get("isInterrupting", "true") == "true"


def _wrap(scope: etree._Element, watchers: list[etree._Element], names: Ids, made: Made) -> None:
    scope_id = scope.get("id", "")
    inside = etree.Element(f"{BPMN}subProcess", id=names.new(f"{scope_id}.inside"))
    for node in list(scope):
        if node.tag not in _STAYS and not _watches(node):
            inside.append(node)
    made.homes[inside.get("id", "")] = scope_id
    begin, end = names.new(f"{scope_id}.begin"), names.new(f"{scope_id}.end")
    etree.SubElement(scope, f"{BPMN}startEvent", id=begin)
    scope.append(inside)
    etree.SubElement(scope, f"{BPMN}endEvent", id=end)
    _flow(scope, names, begin, inside.get("id", ""))
    _flow(scope, names, inside.get("id", ""), end)
    for watcher in watchers:
        _attach(scope, watcher, inside.get("id", ""), names, made)


def _attach(
    scope: etree._Element, watcher: etree._Element, host: str, names: Ids, made: Made
) -> None:
    start, watcher_id = _start(watcher), watcher.get("id", "")
    event = etree.SubElement(
        scope,
        f"{BPMN}boundaryEvent",
        id=names.new(f"{watcher_id}.catch"),
        attachedToRef=host,
        cancelActivity="true" if _interrupts(watcher) else "false",
    )
    for definition in list(start):
        if str(definition.tag).endswith("EventDefinition"):
            event.append(definition)
    del watcher.attrib["triggeredByEvent"]
    start.attrib.pop("isInterrupting", "")
    made.starts[event.get("id", "")] = watcher_id, start.get("id", "")
    end = names.new(f"{watcher_id}.end")
    etree.SubElement(scope, f"{BPMN}endEvent", id=end)
    _flow(scope, names, event.get("id", ""), watcher_id)
    _flow(scope, names, watcher_id, end)


def _flow(scope: etree._Element, names: Ids, source: str, target: str) -> None:
    etree.SubElement(
        scope,
        f"{BPMN}sequenceFlow",
        id=names.new(f"{source}.to.{target}"),
        sourceRef=source,
        targetRef=target,
    )
