"""Make diagrams of other makers runnable in a simulation; what is published is never changed."""

from collections.abc import Set as AbstractSet

from lxml import etree

from engine.spiff.drawing import diagrams
from engine.spiff.elements import BPMN, SPIFF, Diagram, XmlRefused, read_xml

#: Handler of the service tasks that name none.
STAND_IN = "simulated"


def adapted(
    content: bytes, name: str, answered: AbstractSet[str] = frozenset()
) -> tuple[bytes, list[Diagram]]:
    """Return a diagram as it can be run, and what it draws.

    A file that says of no process that it is executable means them all. A service task that
    names no handler gets ``STAND_IN`` where the simulation has an answer for it.
    """
    try:
        root = read_xml(content, name)
    except XmlRefused:
        return content, []  # the gate says why
    changed = _let_run(root)
    for task in root.iter(f"{BPMN}serviceTask"):
        if task.get("id") in answered and task.find(f".//{SPIFF}serviceTaskOperator") is None:
            _name_handler(task)
            changed = True
    return (etree.tostring(root) if changed else content), diagrams(root)


def _let_run(root: etree._Element) -> bool:
    processes = root.findall(f"{BPMN}process")
    if any(process.get("isExecutable") == "true" for process in processes):
        return False
    for process in processes:
        process.set("isExecutable", "true")
    return bool(processes)


def _name_handler(task: etree._Element) -> None:
    extensions = task.find(f"{BPMN}extensionElements")
    if extensions is None:
        extensions = etree.Element(f"{BPMN}extensionElements")
        task.insert(len(task.findall(f"{BPMN}documentation")), extensions)
    operator = etree.SubElement(extensions, f"{SPIFF}serviceTaskOperator", id=STAND_IN)
    etree.SubElement(operator, f"{SPIFF}parameters")
