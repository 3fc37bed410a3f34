"""What the service tasks of the diagrams do, by the name that a diagram gives."""

from collections.abc import Mapping

from engine.service_tasks import Handler
from workflows.handlers import contract, installation, onboarding, reminders, training

HANDLERS: Mapping[str, Handler] = {
    "register_office": onboarding.register_office,
    "check_agreement": onboarding.check_agreement,
    "office_status": onboarding.office_status,
    "record_inquiry": onboarding.record_inquiry,
    "record_contract_draft": contract.record_contract_draft,
    "record_contract": contract.record_contract,
    "record_installation": installation.record_installation,
    "record_user": training.record_user,
    "activate_office": onboarding.activate_office,
    "remind": reminders.remind,
    "escalate": reminders.escalate,
}
