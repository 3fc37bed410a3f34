"""The registers' tables: reference data, offices, contracts, records. No behaviour here."""

from workflows.models.contracts import (
    Contract,
    ContractNumber,
    FrameworkAgreement,
    TemplateVersion,
)
from workflows.models.offices import Office, Referral, StatusChange
from workflows.models.records import Inquiry, Installation, OfficeUser
from workflows.models.reference import District, PrerequisiteItem, Service

__all__ = [
    "Contract",
    "ContractNumber",
    "District",
    "FrameworkAgreement",
    "Inquiry",
    "Installation",
    "Office",
    "OfficeUser",
    "PrerequisiteItem",
    "Referral",
    "Service",
    "StatusChange",
    "TemplateVersion",
]
