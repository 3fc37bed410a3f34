"""What a diagram draws: elements, flows, lanes and properties, and how safe XML is read."""

from collections.abc import Iterator, Mapping
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


def encoding_of(root: etree._Element) -> str:
    """Return the encoding that a file is written in."""
    return str(root.getroottree().docinfo.encoding or "UTF-8").upper()


def element_ids(root: etree._Element) -> Iterator[str]:
    """Yield the ids of a file, those of the drawing aside."""
    for node in root.iter(f"{BPMN}*"):
        name = node.get("id")
        if name:
            yield name


@dataclass(frozen=True)
class Repetition:
    """A loop or multi-instance marker."""

    #: standard, parallel or sequential.
    kind: str
    cardinality: str = ""
    #: Loop condition, or completion condition of a multi-instance.
    condition: str = ""
    maximum: str = ""
    behavior: str = ""
    #: Names: the collections and the item of each instance.
    data_input: str = ""
    data_output: str = ""
    input_item: str = ""
    output_item: str = ""


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
    #: Name of the message or signal of an event, send task or receive task.
    message: str = ""
    #: Code of the error or escalation of an event; "" for any.
    code: str = ""
    #: Expression of a timer event.
    timer: str = ""
    #: Local name of the element that holds it, as "timeDuration".
    timer_kind: str = ""
    #: Expression of a conditional event.
    condition: str = ""
    #: Name of a link event.
    link: str = ""
    #: Id of the task to which a boundary event is attached.
    attached_to: str = ""
    #: Whether a boundary event, or the start of an event sub-process, takes the token.
    interrupting: bool = True
    #: Kind of an event: "timer", "message", …; "" for none, "multiple" for several.
    event: str = ""
    #: Id of a gateway's default flow.
    default: str = ""
    #: Text of a script task.
    script: str = ""
    #: Scripts before and after a task, as SpiffArena's editor writes them.
    around: tuple[str, ...] = ()
    #: Expressions of a service task's parameters, by name.
    parameters: Mapping[str, str] = field(default_factory=dict)
    repetition: Repetition | None = None
    #: Whether it is an event sub-process.
    watching: bool = False
    #: Ids of the data object references that it reads and writes.
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    #: Markers that this engine does not run, as "ioSpecification".
    features: tuple[str, ...] = ()
    #: Ways in which it names people, as "potentialOwner".
    performers: tuple[str, ...] = ()
    #: Extensions of other makers, as "inputOutput".
    foreign: tuple[str, ...] = ()
    #: References that do not resolve, as "messageRef=m1".
    unresolved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    #: Its condition's text; "" without one.
    condition: str = ""
    #: Whether it has a condition element, be it empty.
    conditional: bool = False


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
    #: Key of the scope around it; "" for a process.
    parent: str = ""
    #: process, subProcess, transaction or adHocSubProcess.
    type: str = "process"
    #: Data objects of this scope: id of the object or of a reference to it -> id of the object.
    data_objects: Mapping[str, str] = field(default_factory=dict)
    #: Names that the process declares as its properties.
    variables: frozenset[str] = frozenset()
    #: Its documentation: the document and the clauses that it carries out.
    documentation: str = ""
    #: Markers of the scope itself that this engine does not run.
    features: tuple[str, ...] = ()

    def start(self) -> Element:
        """Return the first start event."""
        return next(e for e in self.elements.values() if e.type == "startEvent")

    def calls(self) -> Iterator[Element]:
        """Yield the call activities."""
        return (e for e in self.elements.values() if e.called)


def local(node: etree._Element) -> str:
    """Return a tag without its namespace; "" for comments."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def flow_nodes(scope: etree._Element) -> list[etree._Element]:
    """Return the elements of a scope that flows connect."""
    return [n for n in scope if isinstance(n.tag, str) and n.tag not in NOT_NODES]


def scopes_of(process: etree._Element) -> Iterator[etree._Element]:
    """Yield a process and the embedded sub-processes at any depth, outer ones first."""
    yield process
    for tag in INNER:
        for inner in process.iterchildren(f"{BPMN}{tag}"):
            yield from scopes_of(inner)


#: Tags of activities with elements inside.
INNER = ("subProcess", "transaction", "adHocSubProcess")
#: Children of a process that are not flow nodes.
NOT_NODES = frozenset(
    f"{BPMN}{tag}"
    for tag in (
        *("laneSet", "sequenceFlow", "extensionElements", "documentation", "ioSpecification"),
        *("textAnnotation", "association", "group", "dataObject", "dataObjectReference"),
        *("dataStoreReference", "property", "incoming", "outgoing", "auditing", "monitoring"),
        *("dataInputAssociation", "dataOutputAssociation", "completionCondition"),
        *("multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "resourceRole"),
        *("performer", "humanPerformer", "potentialOwner", "supports", "correlationSubscription"),
        *("ioBinding", "supportedInterfaceRef", "artifact"),
    )
)
