"""BPMN bytes to specs, checked against the schema."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree
from SpiffWorkflow.bpmn.parser import ValidationException
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.process import VALIDATOR
from SpiffWorkflow.spiff.parser.task_spec import ServiceTaskParser
from SpiffWorkflow.spiff.specs.defaults import ServiceTask

from engine.spiff.elements import Diagram, XmlRefused, diagrams, read_xml


class HandlerTask(ServiceTask):  # type: ignore[misc]
    """A service task whose handler's values join the case's values under their own names."""

    def _execute(self, task):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        parameters = {
            name: parameter["value"] for name, parameter in self.evaluate_params(task).items()
        }
        task.workflow.script_engine.run_handler(task, self.operation_name, parameters)
        return True


class BundleParser(SpiffBpmnParser):  # type: ignore[misc]
    """SpiffWorkflow's own dialect with our service tasks."""

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("serviceTask"): (ServiceTaskParser, HandlerTask),
    }


@dataclass(frozen=True)
class Bundle:
    """The parsed diagrams of one deployment; shared by all instances of a node, never changed."""

    specs: dict[str, BpmnProcessSpec]
    #: For each process the specs of all that it calls, at any depth.
    called: dict[str, dict[str, BpmnProcessSpec]]
    diagrams: dict[str, Diagram]
    #: Processes and embedded sub-processes by id.
    scopes: dict[str, Diagram]
    #: Process key -> name of the file that holds it.
    files: dict[str, str]


def _read(files: Mapping[str, bytes]) -> tuple[BundleParser, dict[str, Diagram], dict[str, str]]:
    parser = BundleParser(validator=VALIDATOR)
    found: dict[str, Diagram] = {}
    places: dict[str, str] = {}
    for name, content in sorted(files.items()):
        root = read_xml(content, name)
        parser.add_bpmn_xml(root, filename=name)
        for diagram in diagrams(root):
            found[diagram.key] = diagram
            places[diagram.process_key] = name
    return parser, found, places


def schema_errors(root: etree._Element) -> list[str]:
    """Return what breaks the BPMN schema, with line numbers."""
    VALIDATOR.validator.validate(root)
    return [f"line {e.line}: {e.message}" for e in VALIDATOR.validator.error_log][:20]


def parse(files: Mapping[str, bytes]) -> Bundle:
    """Parse the ``.bpmn`` files of a bundle.

    Raises:
        XmlRefused: when a file is no XML, breaks the BPMN schema, or cannot be run.

    """
    try:
        parser, found, places = _read(files)
        processes = {key: diagram for key, diagram in found.items() if key in places}
        specs = {key: parser.get_spec(key) for key in processes}
        called = {key: parser.get_subprocess_specs(key) for key in processes}
    except (ValidationException, etree.DocumentInvalid) as error:
        raise XmlRefused(str(error)) from error
    return Bundle(specs, called, processes, found, places)
