"""Walk a case through the real diagrams, forms, roles and handlers, as people would."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import files, instances, jobs, tasks
from engine.identity import Actor, actor_by_name
from engine.models import ProcessInstance, UserTask
from engine.transaction import Engine
from tests.forms.samples import FILE, FILE2, SAMPLES

TODAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OFFICE_CODE = "72031234"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

#: Who does which step: the log-in name of the demo person.
DOES = {
    "t_register_request": "sales_deputy",
    "t_hold_no_agreement": "sales_deputy",
    "t_check_docs": "sales_deputy",
    "t_complete_docs": f"office_manager.{OFFICE_CODE}",
    "t_final_decision": "sales_deputy",
    "t_notify_reject": "sales_deputy",
    "t_objection_review": "sales_deputy",
    "t_announce_prereq": "procurement",
    "t_provide_prereq": f"office_manager.{OFFICE_CODE}",
    "t_extend": "sales_deputy",
    "t_verify_prereq": "district_manager.ahar",
    "t_start_work": "sales_deputy",
    "t_send_inquiry": "sales_deputy",
    "t_assign_review": "district_manager.ahar",
    "t_field_review": "district_cs_head.ahar",
    "t_ask_orgs": "district_manager.ahar",
    "t_opinion": "district_manager.ahar",
    "t_more_info": "sales_deputy",
    "t_prepare": "procurement",
    "t_handover": "district_manager.ahar",
    "t_office_sign": f"office_manager.{OFFICE_CODE}",
    "t_check_pages": "district_manager.ahar",
    "t_district_sign": "district_manager.ahar",
    "t_exchange": "district_manager.ahar",
    "t_register": "sales_deputy",
    "t_assign": "sales_deputy",
    "t_visit": "hq_expert",
    "t_fix_site": f"office_manager.{OFFICE_CODE}",
    "t_settings": "hq_expert",
    "t_accept": f"office_manager.{OFFICE_CODE}",
    "t_introduce": f"office_manager.{OFFICE_CODE}",
    "t_accept_user": "district_manager.ahar",
    "t_train": "district_cs_head.ahar",
    "t_assess": "district_cs_head.ahar",
    "t_account": "sales_deputy",
    "t_ack": f"office_user.{OFFICE_CODE}",
}
REASON = "توضیح کافی و روشن برای این تصمیم"


@dataclass
class Journey:
    """One case on its way."""

    engine: Engine
    now: datetime = TODAY
    id: str = ""
    trail: list[str] = field(default_factory=list)

    def actor(self, username: str) -> Actor:
        """Return a demo person."""
        with self.engine.reading() as tx:
            found = actor_by_name(tx, username)
        assert found is not None, username
        return found

    def start(self, username: str = "sales_deputy") -> "Journey":
        """Start the main job."""
        with self.engine.transaction(self.actor(username)) as tx:
            self.id = instances.start(tx, "office_onboarding").id
        return self

    @property
    def instance(self) -> ProcessInstance:
        """The case's row."""
        with self.engine.reading() as tx:
            return instances.get(tx, self.id)

    @property
    def data(self) -> dict[str, Any]:
        """The case's values."""
        with self.engine.reading() as tx:
            return instances.data_of(tx, instances.get(tx, self.id))

    def tasks(self) -> dict[str, UserTask]:
        """Return the open user tasks by BPMN id."""
        with self.engine.reading() as tx:
            return {task.key: task for task in instances.tasks_of(tx, self.id)}

    def open(self) -> set[str]:
        """Return the BPMN ids of the open user tasks."""
        return set(self.tasks())

    def upload(self, actor: Actor, task_id: str, form_key: str) -> str:
        """Attach a file to a task's form."""
        with self.engine.transaction(actor) as tx:
            row = files.store(
                tx,
                stream=io.BytesIO(PDF),
                name="سند.pdf",
                instance=instances.get(tx, self.id),
                task_id=task_id,
                form_key=form_key,
            )
            return row.id

    def do(self, key: str, *, by: str = "", scan: bool = False, **changed: Any) -> "Journey":
        """Complete a step with its form's sample and these changes (None removes a value)."""
        task, actor = self.tasks()[key], self.actor(by or DOES[key])
        sample = {**SAMPLES[task.form_key], **self.lists(task.form_key), **changed}
        data = {name: value for name, value in sample.items() if value is not None}
        data = self.with_files(actor, task, data)
        paper = self.upload(actor, task.id, task.form_key) if scan else ""
        with self.engine.transaction(actor) as tx:
            revision = instances.get(tx, self.id).revision
            tasks.complete(tx, task.id, data, revision=revision, scan=paper)
        self.trail.append(key)
        return self

    def lists(self, form_key: str) -> dict[str, Any]:
        """Return the values that come from the register's own lists."""
        with self.engine.reading() as tx:
            codes = [row["value"] for row in self.engine.options(tx, "prerequisites", None)]
            [version] = self.engine.options(tx, "template_versions", None)
        return {
            "contract_exchange/preparation": {"template_version": version["value"]},
            "user_training/training": {"topics": ["S01", "S02", "rules", "system"]},
            "office_onboarding/prerequisites_letter": {"items": codes},
            "office_onboarding/readiness_check": {
                "checks": [{"item": code, "ok": True} for code in codes]
            },
        }.get(form_key, {})

    def with_files(self, actor: Actor, task: UserTask, value: Any) -> Any:
        """Put freshly attached files where the sample names one."""
        if isinstance(value, dict):
            return {k: self.with_files(actor, task, v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.with_files(actor, task, v) for v in value]
        return self.upload(actor, task.id, task.form_key) if value in (FILE, FILE2) else value

    def send(self, name: str, data: dict[str, Any], *, by: str = "") -> "Journey":
        """Send a message that the case waits for."""
        actor = self.actor(by or f"office_manager.{OFFICE_CODE}")
        with self.engine.transaction(actor) as tx:
            instance = instances.get(tx, self.id)
            [row] = [s for s in instances.subscriptions(tx, instance) if s.name == name]
            instances.send(tx, row.id, data, revision=instance.revision)
        return self

    def wait(self, **delta: float) -> "Journey":
        """Let time pass and timers fire."""
        self.now += timedelta(**delta)
        jobs.run_due(self.engine)
        return self

    def walk(self, *keys: str) -> "Journey":
        """Complete steps one after the other with their samples."""
        for key in keys:
            self.do(key)
        return self
