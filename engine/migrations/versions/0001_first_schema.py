"""The first schema: engine, registers, and an event log that refuses change."""

import sqlalchemy as sa
from alembic import op

from engine.models.base import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables and the triggers of the event log."""
    _create_tables()
    _protect_event_log()


def _protect_event_log() -> None:
    """Let the database itself refuse UPDATE and DELETE on the event log."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_log_no_{verb.lower()} BEFORE {verb} ON event_log "
                "BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION event_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the event log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON event_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION event_log_is_append_only()"
    )


def _create_tables() -> None:

    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title_fa", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "district", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "contract_number",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_contract_number")),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("deployed_at", UtcDateTime(), nullable=False),
        sa.Column("deployed_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
        sa.UniqueConstraint("digest", name=op.f("uq_deployment_digest")),
    )
    op.create_table(
        "district",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_fa", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("county_fa", sa.String(length=80), nullable=False),
        sa.Column("county_en", sa.String(length=80), nullable=False),
        sa.Column("sci_code", sa.String(length=10), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_district")),
    )
    op.create_table(
        "event_log",
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("actor_name_fa", sa.String(length=120), nullable=False),
        sa.Column("actor_name_en", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=60), nullable=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=80), nullable=False),
        sa.Column("name_fa", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("task_id", sa.String(length=120), nullable=False),
        sa.Column("form_key", sa.String(length=120), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("deployment", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("stream", "number", name=op.f("pk_event_log")),
    )
    op.create_index(op.f("ix_event_log_actor_at"), "event_log", ["actor", "at"], unique=False)
    op.create_index(op.f("ix_event_log_type_at"), "event_log", ["type", "at"], unique=False)
    op.create_table(
        "event_stream",
        sa.Column("name", sa.String(length=36), nullable=False),
        sa.Column("log_length", sa.Integer(), nullable=False),
        sa.Column("log_head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_event_stream")),
    )
    op.create_table(
        "framework_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_no", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_agreement")),
        sa.UniqueConstraint("agreement_no", name=op.f("uq_framework_agreement_agreement_no")),
    )
    op.create_table(
        "login_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
    )
    op.create_index(op.f("ix_login_failure_key_at"), "login_failure", ["key", "at"], unique=False)
    op.create_table(
        "prerequisite_item",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fa", sa.String(length=200), nullable=False),
        sa.Column("en", sa.String(length=200), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_prerequisite_item")),
    )
    op.create_table(
        "service",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("fa", sa.String(length=200), nullable=False),
        sa.Column("en", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service")),
    )
    op.create_table(
        "template_version",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("fa", sa.String(length=200), nullable=False),
        sa.Column("en", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_template_version")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("name_fa", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "weekend_rule",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("days_off", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_weekend_rule")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_assignment_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_role_scope"), "assignment", ["role", "scope"], unique=False)
    op.create_index(op.f("ix_assignment_user_id"), "assignment", ["user_id"], unique=False)
    op.create_table(
        "office",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("licence_no", sa.String(length=60), nullable=False),
        sa.Column("licence_valid_to", sa.Date(), nullable=False),
        sa.Column("owner_kind", sa.String(length=10), nullable=False),
        sa.Column("manager_name", sa.String(length=120), nullable=False),
        sa.Column("manager_nid", sa.String(length=10), nullable=False),
        sa.Column("legal_id", sa.String(length=11), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.String(length=10), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("search_key", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["district"], ["district.code"], name=op.f("fk_office_district")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_office")),
    )
    op.create_index(
        op.f("ix_office_district_status"), "office", ["district", "status"], unique=False
    )
    op.create_index(op.f("ix_office_status"), "office", ["status"], unique=False)
    op.create_table(
        "process_definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_fa", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("resource", sa.String(length=200), nullable=False),
        sa.Column("starters", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_process_definition_deployment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_definition")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_process_definition_key_version")),
    )
    op.create_index(
        op.f("ix_process_definition_deployment_id"),
        "process_definition",
        ["deployment_id"],
        unique=False,
    )
    op.create_table(
        "resource",
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_resource_deployment_id")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "name", name=op.f("pk_resource")),
    )
    op.create_table(
        "process_instance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=300), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("workflow", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("next_due_at", UtcDateTime(), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("end_event", sa.String(length=80), nullable=False),
        sa.Column("log_length", sa.Integer(), nullable=False),
        sa.Column("log_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["process_definition.id"],
            name=op.f("fk_process_instance_definition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_instance")),
    )
    op.create_index(
        op.f("ix_process_instance_district_started_at"),
        "process_instance",
        ["district", "started_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_process_instance_key_state"), "process_instance", ["key", "state"], unique=False
    )
    op.create_index(
        op.f("ix_process_instance_office_started_at"),
        "process_instance",
        ["office", "started_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_process_instance_state_next_due_at"),
        "process_instance",
        ["state", "next_due_at"],
        unique=False,
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_no", sa.String(length=40), nullable=True),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("template_version", sa.String(length=40), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("pages_signed", sa.Integer(), nullable=False),
        sa.Column("office_signed_on", sa.Date(), nullable=True),
        sa.Column("district_signed_on", sa.Date(), nullable=True),
        sa.Column("exchanged_on", sa.Date(), nullable=True),
        sa.Column("scan", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_contract_instance_id")
        ),
        sa.ForeignKeyConstraint(["office"], ["office.code"], name=op.f("fk_contract_office")),
        sa.ForeignKeyConstraint(
            ["template_version"],
            ["template_version.code"],
            name=op.f("fk_contract_template_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("contract_no", name=op.f("uq_contract_contract_no")),
    )
    op.create_index(op.f("ix_contract_instance_id"), "contract", ["instance_id"], unique=False)
    op.create_index(
        op.f("ix_contract_office_status"), "contract", ["office", "status"], unique=False
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("element_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_incident_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_instance_id"), "incident", ["instance_id"], unique=False)
    op.create_index(
        op.f("ix_incident_state_opened_at"), "incident", ["state", "opened_at"], unique=False
    )
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reply_no", sa.String(length=40), nullable=False),
        sa.Column("reply_date", sa.Date(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("field_review", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["district"], ["district.code"], name=op.f("fk_inquiry_district")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_inquiry_instance_id")
        ),
        sa.ForeignKeyConstraint(["office"], ["office.code"], name=op.f("fk_inquiry_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
    )
    op.create_index(op.f("ix_inquiry_instance_id"), "inquiry", ["instance_id"], unique=False)
    op.create_index(op.f("ix_inquiry_office"), "inquiry", ["office"], unique=False)
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("expert", sa.String(length=80), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("computers", sa.JSON(), nullable=False),
        sa.Column("printers", sa.JSON(), nullable=False),
        sa.Column("app_version", sa.String(length=60), nullable=False),
        sa.Column("ip", sa.String(length=40), nullable=False),
        sa.Column("remote_tool", sa.String(length=40), nullable=False),
        sa.Column("remote_id", sa.String(length=60), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_installation_instance_id")
        ),
        sa.ForeignKeyConstraint(["office"], ["office.code"], name=op.f("fk_installation_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_index(
        op.f("ix_installation_instance_id"), "installation", ["instance_id"], unique=False
    )
    op.create_index(op.f("ix_installation_office"), "installation", ["office"], unique=False)
    op.create_table(
        "message_subscription",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_fa", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("form_key", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_message_subscription_instance_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_subscription")),
    )
    op.create_index(
        op.f("ix_message_subscription_instance_id"),
        "message_subscription",
        ["instance_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_message_subscription_name"), "message_subscription", ["name"], unique=False
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("task_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("text_fa", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_by", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_notification_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index(
        op.f("ix_notification_role_scope_id"), "notification", ["role", "scope", "id"], unique=False
    )
    op.create_table(
        "office_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("nid", sa.String(length=10), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_office_user_instance_id")
        ),
        sa.ForeignKeyConstraint(["office"], ["office.code"], name=op.f("fk_office_user_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_user")),
    )
    op.create_index(
        op.f("ix_office_user_nid_status"), "office_user", ["nid", "status"], unique=False
    )
    op.create_index(
        op.f("ix_office_user_office_status"), "office_user", ["office", "status"], unique=False
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("letter_no", sa.String(length=40), nullable=False),
        sa.Column("letter_key", sa.String(length=40), nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=False),
        sa.Column("request_no", sa.String(length=40), nullable=False),
        sa.Column("request_date", sa.Date(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_referral_instance_id")
        ),
        sa.ForeignKeyConstraint(["office"], ["office.code"], name=op.f("fk_referral_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint(
            "letter_key", "letter_date", name=op.f("uq_referral_letter_key_letter_date")
        ),
    )
    op.create_index(op.f("ix_referral_office"), "referral", ["office"], unique=False)
    op.create_table(
        "status_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("from_status", sa.String(length=20), nullable=False),
        sa.Column("to_status", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_status_change_instance_id")
        ),
        sa.ForeignKeyConstraint(["office"], ["office.code"], name=op.f("fk_status_change_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_change")),
    )
    op.create_index(
        op.f("ix_status_change_office_at"), "status_change", ["office", "at"], unique=False
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("task_id", sa.String(length=120), nullable=False),
        sa.Column("form_key", sa.String(length=120), nullable=False),
        sa.Column("uploaded_by", sa.String(length=80), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_stored_file_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index(
        op.f("ix_stored_file_instance_id"), "stored_file", ["instance_id"], unique=False
    )
    op.create_table(
        "user_task",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_fa", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("form_key", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("business_key", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("assignee", sa.String(length=80), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("not_completed_by", sa.String(length=80), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("completed_by", sa.String(length=80), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_user_task_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task")),
    )
    op.create_index(
        op.f("ix_user_task_instance_id_state"), "user_task", ["instance_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_user_task_state_assignee_due_at_id"),
        "user_task",
        ["state", "assignee", "due_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_user_task_state_role_scope_due_at_id"),
        "user_task",
        ["state", "role", "scope", "due_at", "id"],
        unique=False,
    )
    op.create_table(
        "draft",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["user_task.id"], name=op.f("fk_draft_task_id")),
        sa.PrimaryKeyConstraint("task_id", "username", name=op.f("pk_draft")),
    )
