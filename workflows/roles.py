"""The roles of W-SA-08-00 (PROCEDURE 3.0); a Persian title is also the name of a lane."""

from collections.abc import Mapping

from engine.identity import Role

#: Who records the steps of an office that has no log-in or comes in person.
_FOR_OFFICE = ("district_cs_head", "district_manager", "service_desk_owner", "sales_deputy")

_ROLES = (
    Role("ceo", "مدیرعامل", "Managing director (CEO)"),
    Role(
        "sales_deputy",
        "معاون فروش و خدمات مشترکین",
        "Deputy for Sales and Customer Services",
        supervisor="ceo",
    ),
    Role(
        "service_desk_owner",
        "مجری میز خدمت",
        "Service-desk executor (process owner)",
        supervisor="sales_deputy",
    ),
    Role("tamna_manager", "مدیر دفتر تمنا", "Director of the TAMNA office", supervisor="ceo"),
    Role(
        "procurement",
        "امور تدارکات (معاونت مالی و پشتیبانی)",
        "Procurement Affairs (Deputy for Finance and Support)",
        # 5-4: the sales deputy supervises every step of this procedure, also those of others.
        supervisor="sales_deputy",
    ),
    Role(
        "district_manager",
        "مدیر توزیع برق شهرستان",
        "District electricity distribution manager",
        "district",
        supervisor="sales_deputy",
    ),
    Role(
        "district_cs_head",
        "رئیس ادارهٔ خدمات مشترکین و درآمد",
        "Head of the Customer Services and Revenue department (district)",
        "district",
        supervisor="district_manager",
    ),
    Role(
        "hq_expert",
        "کارشناس حوزهٔ ستادی",
        "Headquarters expert (installation and support)",
        supervisor="sales_deputy",
    ),
    Role(
        "hq_inspector",
        "ناظر عالی حوزهٔ ستادی",
        "Headquarters senior supervisor / inspector",
        supervisor="sales_deputy",
    ),
    Role(
        "office_manager",
        "مدیر دفتر پیشخوان",
        "Counter-office manager",
        "office",
        external=True,
        represented_by=_FOR_OFFICE,
        supervisor="district_manager",
    ),
    Role(
        "office_user",
        "کاربر برق دفتر (مسئول برق)",
        "Office electricity user (electricity officer of the office)",
        "office",
        external=True,
        represented_by=("district_cs_head",),
        supervisor="office_manager",
    ),
    Role(
        "guild",
        "انجمن صنفی دفاتر پیشخوان استان",
        "Provincial guild association of counter offices",
        external=True,
        represented_by=("service_desk_owner", "sales_deputy"),
        login=False,
        supervisor="sales_deputy",
    ),
    Role(
        "governorate",
        "استانداری آذربایجان شرقی",
        "Governorate of East Azerbaijan",
        external=True,
        represented_by=("sales_deputy",),
        login=False,
        supervisor="sales_deputy",
    ),
    Role(
        "other_org",
        "سایر سازمان‌ها و ارگان‌ها",
        "Other organisations",
        external=True,
        represented_by=("district_manager",),
        login=False,
        supervisor="sales_deputy",
    ),
    Role("auditor", "ممیز (فقط مشاهده)", "Auditor (read only)"),
    Role("sysadmin", "مدیر سامانه", "System administrator"),
)

ROLES: Mapping[str, Role] = {role.key: role for role in _ROLES}


def supervisors(role: str) -> tuple[str, ...]:
    """Return the roles above a role, nearest first (PROCEDURE 6, «Vacant role»)."""
    chain: list[str] = []
    while role := ROLES[role].supervisor:
        chain.append(role)
    return tuple(chain)
