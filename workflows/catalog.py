"""What is deployed: the diagrams and forms of W-SA-08, and the values that cases carry."""

from importlib.resources import files

from forms.catalog import builtin_forms

#: Code and revision of the controlled document.
DOCUMENT = "W-SA-08-00"

#: The main process first, then those that it calls, in the order in which it calls them.
PROCESSES = (
    "office_onboarding",
    "district_inquiry",
    "contract_exchange",
    "software_installation",
    "user_training",
)

#: Values of a case that no form declares: set by script tasks and handlers.
CASE_VARIABLES = frozenset(
    {
        "agreement_active",
        "attempts",
        "close_reason",
        "contract_no",
        "contract_outcome",
        "extensions",
        "framework_valid_to",
        "inquiry_outcome",
        "inquiry_returns",
        "prereq_due",
        "reopened",
    }
)


def diagram(key: str) -> bytes:
    """Return the BPMN file of a process as this package ships it."""
    return (files("workflows") / key / "process.bpmn").read_bytes()


def bundle() -> dict[str, bytes]:
    """Return the files of a deployment: ``<process>.bpmn`` and ``<form key>.json``."""
    diagrams = {f"{key}.bpmn": diagram(key) for key in PROCESSES}
    forms = {f"{key}.json": content for key, content in builtin_forms().items()}
    return diagrams | forms
