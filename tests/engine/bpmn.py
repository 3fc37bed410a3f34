"""Write small diagrams for tests: nodes and flows without a layout."""

from html import escape
from itertools import pairwise

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'targetNamespace="http://kartabl.test">'
)


def extension(properties: dict[str, str]) -> str:
    """Return the dialect's property list."""
    rows = "".join(
        f'<spiffworkflow:property name="{k}" value="{escape(v)}"/>' for k, v in properties.items()
    )
    inner = f"<spiffworkflow:properties>{rows}</spiffworkflow:properties>"
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def start(element_id: str = "begin", **properties: str) -> str:
    """Return a start event."""
    return f'<bpmn:startEvent id="{element_id}">{extension(properties)}</bpmn:startEvent>'


def end(element_id: str = "finish") -> str:
    """Return an end event."""
    return f'<bpmn:endEvent id="{element_id}" name="پایان"/>'


def user(element_id: str, form: str = "test/any", **properties: str) -> str:
    """Return a user task."""
    inner = extension({"formKey": form, "nameEn": element_id, **properties})
    return f'<bpmn:userTask id="{element_id}" name="گام {element_id}">{inner}</bpmn:userTask>'


def script(element_id: str, text: str) -> str:
    """Return a script task."""
    return (
        f'<bpmn:scriptTask id="{element_id}" scriptFormat="python">'
        f"<bpmn:script>{escape(text)}</bpmn:script></bpmn:scriptTask>"
    )


def service(element_id: str, handler: str, **parameters: str) -> str:
    """Return a service task; parameters are expressions."""
    rows = "".join(
        f'<spiffworkflow:parameter id="{k}" type="str" value="{escape(v)}"/>'
        for k, v in parameters.items()
    )
    return (
        f'<bpmn:serviceTask id="{element_id}" name="{element_id}"><bpmn:extensionElements>'
        f'<spiffworkflow:serviceTaskOperator id="{handler}"><spiffworkflow:parameters>{rows}'
        "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


def xor(element_id: str, default: str = "") -> str:
    """Return an exclusive gateway."""
    extra = f' default="{default}"' if default else ""
    return f'<bpmn:exclusiveGateway id="{element_id}"{extra}/>'


def parallel(element_id: str) -> str:
    """Return a parallel gateway."""
    return f'<bpmn:parallelGateway id="{element_id}"/>'


def inclusive(element_id: str, default: str = "") -> str:
    """Return an inclusive gateway."""
    extra = f' default="{default}"' if default else ""
    return f'<bpmn:inclusiveGateway id="{element_id}"{extra}/>'


def call(element_id: str, process: str) -> str:
    """Return a call activity."""
    return f'<bpmn:callActivity id="{element_id}" calledElement="{process}"/>'


def timer_boundary(element_id: str, host: str, expression: str, *, interrupting: bool) -> str:
    """Return a boundary timer."""
    return (
        f'<bpmn:boundaryEvent id="{element_id}" attachedToRef="{host}" '
        f'cancelActivity="{str(interrupting).lower()}"><bpmn:timerEventDefinition>'
        f'<bpmn:timeDate xsi:type="bpmn:tFormalExpression">{escape(expression)}</bpmn:timeDate>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def message_catch(element_id: str, message: str, **properties: str) -> str:
    """Return an intermediate event that waits for a message."""
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}" name="{element_id}">{extension(properties)}'
        f'<bpmn:messageEventDefinition messageRef="{message}"/></bpmn:intermediateCatchEvent>'
    )


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    """Return a sequence flow."""
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}'
        "</bpmn:conditionExpression>"
        if condition
        else ""
    )
    name = flow_id or f"f_{source}_{target}"
    return (
        f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )


def path(*ids: str) -> str:
    """Return flows from each id to the next."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


def diagram(
    key: str, *parts: str, lanes: dict[str, list[str]] | None = None, messages: str = ""
) -> bytes:
    """Return a whole file with one process; ``lanes`` maps role titles to element ids."""
    drawn = "".join(
        f'<bpmn:lane id="lane_{n}" name="{name}">'
        + "".join(f"<bpmn:flowNodeRef>{i}</bpmn:flowNodeRef>" for i in ids)
        + "</bpmn:lane>"
        for n, (name, ids) in enumerate((lanes or {}).items())
    )
    lane_set = f'<bpmn:laneSet id="lanes_{key}">{drawn}</bpmn:laneSet>' if lanes else ""
    declared = "".join(
        f'<bpmn:message id="{m}" name="{m}"/>' for m in filter(None, messages.split(","))
    )
    return (
        f'{HEAD}{declared}<bpmn:process id="{key}" name="فرایند {key}" isExecutable="true">'
        f"{lane_set}{''.join(parts)}</bpmn:process></bpmn:definitions>"
    ).encode()
