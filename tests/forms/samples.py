"""One valid document for each form, and the case values and lists that it is checked with."""

from typing import Any

TODAY = "2026-11-24"
FILE = "0b0e9d1a-7c1e-4b53-9d69-0d6b5a1f0001"
FILE2 = "0b0e9d1a-7c1e-4b53-9d69-0d6b5a1f0002"
LETTER = {"letter_no": "1405/ص/123", "letter_date": "2026-11-22"}
REASON = "توضیح کافی و روشن برای این تصمیم"

OPTIONS: dict[str, list[dict[str, str]]] = {
    "districts": [{"value": d, "fa": d, "en": d} for d in ("ahar", "marand")],
    "services": [{"value": s, "fa": s, "en": s} for s in ("S01", "S02", "S03")],
    "approved_services": [{"value": s, "fa": s, "en": s} for s in ("S01", "S02")],
    "topics": [{"value": s, "fa": s, "en": s} for s in ("S01", "S02", "RULES", "SYSTEM")],
    "prerequisites": [{"value": p, "fa": p, "en": p} for p in ("line", "computer")],
    "template_versions": [{"value": "1405-1", "fa": "۱۴۰۵-۱", "en": "1405-1"}],
    "users:hq_expert": [{"value": "hq_expert", "fa": "کارشناس", "en": "Expert"}],
    "users:district_cs_head": [{"value": "district_cs_head.ahar", "fa": "رئیس", "en": "Head"}],
}

#: Case values that rules read.
CONTEXT: dict[str, Any] = {
    "inquiry_returns": 0,
    "reopened": 0,
    "extensions": 0,
    "attempts": 0,
    "services": ["S01", "S02"],
    "items": ["line", "computer"],
    "framework_valid_to": "2029-03-19",
    "manager_name": "نمونه",
    "manager_nid": "9991000011",
    "mobile": "09141234567",
    "static_ip": "5.160.10.20",
    "pages": 12,
    "handover_date": "2026-11-20",
    "office_signed_on": "2026-11-21",
    "office_sign_date": "2026-11-21",
    "sign_date": "2026-11-22",
    "to_date": "2026-11-23",
}

SAMPLES: dict[str, dict[str, Any]] = {
    "office_onboarding/request": {
        "office_name": "دفتر پیشخوان نمونهٔ اهر",
        "office_code": "72031234",
        "licence_no": "پ-1234",
        "licence_valid_to": "2028-03-19",
        "district": "ahar",
        "address": "اهر، خیابان نمونه، پلاک ۱۲",
        "postal_code": "5166614766",
        "owner_kind": "real",
        "manager_name": "نمونه نمونه‌پور",
        "manager_nid": "9991000011",
        "mobile": "09141234567",
        "phone": "04133333333",
        "ref_no": "234/11/4237",
        "ref_date": "2026-11-20",
        "ref_scan": FILE,
        "req_no": "206/93/7740",
        "req_date": "2026-11-22",
        "req_scan": FILE2,
    },
    "office_onboarding/hold": {"outcome": "continue"},
    "office_onboarding/check_docs": {"outcome": "complete"},
    "office_onboarding/documents": {"files": [FILE]},
    "office_onboarding/decision": {"outcome": "approve", "services": ["S01", "S02"], **LETTER},
    "office_onboarding/rejection_letter": {**LETTER, "reason_public": REASON, "cc_guild": True},
    "office_onboarding/objection": {"objection_text": REASON},
    "office_onboarding/objection_review": {"outcome": "reopen"},
    "office_onboarding/prerequisites_letter": {
        "items": ["line", "computer"],
        "deadline": "2027-01-09",
        **LETTER,
        "rules_file": [FILE],
    },
    "office_onboarding/readiness": {
        "internet_kind": "fiber",
        "static_ip": "5.160.10.20",
        "computer": "رایانهٔ رومیزی، ۸ گیگابایت",
        "printer": "نمونه ۱۰۰",
        "ready_date": "2026-11-24",
    },
    "office_onboarding/extension": {"outcome": "extend"},
    "office_onboarding/readiness_check": {
        "checks": [{"item": "line", "ok": True}, {"item": "computer", "ok": True}],
        "outcome": "ready",
    },
    "office_onboarding/start_of_work": {"work_start_date": "2026-11-24"},
    "district_inquiry/inquiry_letter": {**LETTER, "due": "2026-12-15"},
    "district_inquiry/referral": {"reviewer": "district_cs_head.ahar"},
    "district_inquiry/field_review": {
        "location_ok": "good",
        "conduct": "good",
        "nearby_offices": 2,
        "report": "محل دفتر مناسب و در دسترس است.",
        "visit_date": "2026-11-23",
    },
    "district_inquiry/organisations": {
        "orgs": [
            {
                "org": "شهرداری",
                "reply_date": "2026-11-23",
                "reply_no": "61116/42401",
                "result": "positive",
            },
            {"org": "ادارهٔ پست", "result": "no_reply"},
        ]
    },
    "district_inquiry/opinion": {"outcome": "confirm", **LETTER},
    "district_inquiry/more_information": {"note": REASON},
    "contract_exchange/preparation": {
        "template_version": "1405-1",
        "services": ["S01", "S02"],
        "valid_from": "2026-11-24",
        "valid_to": "2027-11-23",
        "pages": 12,
        "copies": 2,
    },
    "contract_exchange/handover": {
        "handed_to": "نمونه نمونه‌پور",
        "handed_nid": "9991000011",
        "handover_date": "2026-11-20",
    },
    "contract_exchange/office_signature": {"all_pages": True, "office_signed_on": "2026-11-21"},
    "contract_exchange/page_check": {
        "outcome": "complete",
        "pages_signed": 12,
        "stamp_ok": True,
        "office_sign_date": "2026-11-21",
    },
    "contract_exchange/district_signature": {"sign_date": "2026-11-22", "signed": True},
    "contract_exchange/exchange": {
        "exchange_date": "2026-11-23",
        "scan": FILE,
        "receipt": True,
    },
    "contract_exchange/registration": {"registered": True},
    "software_installation/visit_plan": {
        "expert": "hq_expert",
        "visit_date": "2026-11-25",
        "contact": "09141234567",
    },
    "software_installation/installation": {
        "outcome": "installed",
        "computers": [{"name": "PC-1", "os": "Windows 11", "serial": "SN-1"}],
        "app_version": "4.2",
        "remote_service": True,
        "remote_tool": "anydesk",
        "remote_id": "123456789",
        "ip": "5.160.10.20",
    },
    "software_installation/site_fix": {"note": "پریز برق و خط اینترنت درست شد."},
    "software_installation/settings": {
        "printers": [{"model": "نمونه ۱۰۰", "kind": "laser", "test_ok": True}],
        "test_print": True,
        "test_login": True,
    },
    "software_installation/acceptance": {"outcome": "accept"},
    "user_training/introduction": {
        "name": "کاربر نمونه",
        "nid": "9992003170",
        "user_mobile": "09141234568",
        **LETTER,
    },
    "user_training/user_acceptance": {"outcome": "accept"},
    "user_training/training": {
        "topics": ["S01", "S02", "RULES"],
        "from_date": "2026-11-21",
        "to_date": "2026-11-23",
        "hours": 16,
        "trainer": "مدرس نمونه",
        "attended": True,
    },
    "user_training/assessment": {"score": 85, "assessed_on": "2026-11-24"},
    "user_training/account": {"username": "ahar72031234"},
    "user_training/undertaking": {"undertaking": True, "start_date": "2026-11-24"},
}
