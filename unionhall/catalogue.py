"""The union's services in the order of the yearly report, and checks over every declaration.

Adding a service is one file under services/ and one entry here.
"""

from typing import Any, NamedTuple

from django.core.checks import Error, register

from unionhall.access import notices as access_notices
from unionhall.cases import drive_moves, payable_moves, promise_moves
from unionhall.cases import notices as case_notices
from unionhall.indicators.figures import Figure, Ratio
from unionhall.indicators.service import Service
from unionhall.messages.kinds import DIGEST, Kind
from unionhall.messages.kinds import faults as faults_of_kind
from unionhall.offers import cost_moves
from unionhall.offers import notices as offer_notices
from unionhall.services import (
    bargaining,
    books,
    card,
    card_items,
    care_rooms,
    collective_contract,
    contests,
    cooling,
    counselling,
    culture,
    donations,
    duty,
    e_library,
    emergency_aid,
    festival_relief,
    fitness,
    founding,
    graduates,
    hardship,
    honour_roll,
    innovation,
    inspection,
    insurance_medical,
    insurance_plans,
    insurance_premium,
    job_aid,
    job_fairs,
    joining,
    legal_aid,
    living_aid,
    matchmaking,
    mediation,
    medical_aid,
    model_worker_bonus,
    model_worker_care,
    record_correction,
    rights,
    roster,
    social_activities,
    social_base,
    speak_up,
    staff,
    station_standard,
    station_star,
    stations,
    study_aid,
    training_classes,
    tree,
    tripartite,
    tripartite_tasks,
    union_building,
    university_scheme,
    vital_matters,
    wage_agreement,
    warming,
    womens_contract,
    womens_courses,
    womens_screening,
    womens_vouchers,
)

GUARDED = (promise_moves, drive_moves, cost_moves)
"""What watches over rows that say "paid": here, so that it stands in every process that knows the services."""

SERVICES: tuple[Service, ...] = (
    tree.service,
    union_building.service,
    founding.service,
    joining.service,
    stations.service,
    station_standard.service,
    station_star.service,
    staff.service,
    roster.service,
    record_correction.service,
    card.service,
    card_items.service,
    training_classes.service,
    university_scheme.service,
    contests.service,
    culture.service,
    e_library.service,
    books.service,
    counselling.service,
    matchmaking.service,
    womens_screening.service,
    womens_courses.service,
    womens_vouchers.service,
    care_rooms.service,
    cooling.service,
    warming.service,
    job_fairs.service,
    graduates.service,
    fitness.service,
    model_worker_care.service,
    hardship.service,
    living_aid.service,
    job_aid.service,
    medical_aid.service,
    study_aid.service,
    emergency_aid.service,
    festival_relief.service,
    insurance_plans.service,
    insurance_premium.service,
    insurance_medical.service,
    donations.service,
    bargaining.service,
    collective_contract.service,
    wage_agreement.service,
    womens_contract.service,
    mediation.service,
    legal_aid.service,
    inspection.service,
    tripartite.service,
    tripartite_tasks.service,
    vital_matters.service,
    rights.service,
    speak_up.service,
    duty.service,
    honour_roll.service,
    model_worker_bonus.service,
    innovation.service,
    social_base.service,
    social_activities.service,
)


class System(NamedTuple):
    """A row of what the union does: the part that builds it, and the records it will keep (names as in the figure tables)."""

    row: int
    title: str
    part: int
    records: tuple[str, ...] = ()


SYSTEMS: tuple[System, ...] = (
    System(1, "三级服务体系", 1, ("OrgUnit", "Register")),
    System(2, "建会入会", 1, ("Org", "OrgCover")),
    System(3, "换届选举", 5, ("BallotRoll",)),
    System(4, "服务站规范化与星级", 4, ("StarApplication", "StationCheck", "StationRoom")),
    System(5, "工会工作者队伍", 1, ("Station", "Staff", "StationEstablishment")),
    System(6, "全响应网格", 4, ("InspectionSquad",)),
    System(7, "会员实名制", 1, ("Membership", "Employer")),
    System(8, "京卡·互助服务卡", 1, ("Card",)),
    System(9, "京卡会员服务", 1, ("Offer", "ServiceUse", "Partner")),
    System(10, "订单式培训与农民工大学生", 3, ("Attendance", "Enrolment", "TrainingClass")),
    System(11, "竞赛练兵", 3, ("Contest", "ContestEntry")),
    System(12, "文体读书", 3, ("ActivitySession", "Programme")),
    System(13, "心理咨询", 3),
    System(14, "单身联谊", 3),
    System(15, "女职工关爱", 3, ("Distribution", "Item")),
    System(16, "送清凉送温暖", 3, ("Ledger", "Campaign")),
    System(17, "招聘安置", 3, ("JobFair", "FairBooth", "Placement")),
    System(18, "体测疗休养体检", 3, ("RecuperationTrip", "Exam")),
    System(19, "困难建档与六项帮扶", 1, ("HardshipFile", "Disbursement", "Payment")),
    System(20, "互助保障", 3, ("Policy", "Claim")),
    System(21, "募捐", 3, ("Donation", "AidApplication", "FamilyMember")),
    System(22, "集体合同与工资协议", 1, ("Agreement", "AgreementCover")),
    System(22, "集体协商过程与指导", 5, ("GuidanceVisit",)),
    System(23, "案例汇编", 5, ("CaseStory", "Publication")),
    System(24, "职工代表大会", 5, ("Congress", "Resolution", "Meeting")),
    System(25, "厂务公开", 5, ("DisclosureSystem",)),
    System(26, "劳动争议调解", 1, ("Case", "CaseParty")),
    System(27, "法律援助与值班律师", 3),
    System(28, "劳动监察", 3),
    System(29, "三方会议与形势研判", 3),
    System(30, "有事即谈", 4),
    System(31, "劳模先进", 1, ("Honour",)),
    System(32, "创新与合理化建议", 1, ("Innovation", "Proposal")),
    System(33, "社会组织基地", 3, ("SocialOrg", "Event")),
    System(34, "目标、通报与考核", 5, ("Target", "PlanItem", "PolicyDoc")),
    System(35, "开门打分", 5, ("ScoringPanel", "ScoringSession", "Rubric")),
    System(36, "会员评家", 5, ("Ballot",)),
    System(37, "经费与经审", 5, ("RuleDoc", "InspectionCampaign")),
    System(38, "数说工会", 1),
    System(39, "宣传", 5),
    System(40, "领导看板", 1),
)
"""Every system, ordered as the report is; what a part after this one builds has no figure yet."""

PAYABLES = (payable_moves.SOURCE,)
"""Everything the treasury may be asked to send to the bank."""

NOTICES: tuple[Kind, ...] = (*offer_notices.NOTICES, *case_notices.NOTICES, *access_notices.NOTICES, DIGEST)
"""Everything word is sent about; the words of each may be set by an officer (desk/wordings/)."""

THIS_PART = 3


def figures() -> dict[str, Figure]:
    """Every figure by its key, in the order of the report."""
    return {figure.key: figure for service in SERVICES for figure in service.figures}


def figure(key: str) -> Figure:
    """The figure of this key, numerators and bases of rates included. KeyError if there is none."""
    for one in figures().values():
        if one.key == key:
            return one
        if isinstance(one, Ratio):
            for part in (one.numerator, one.denominator):
                if part.key == key:
                    return part
    raise KeyError(key)


def service_of(wanted: Figure) -> Service:
    """The service that declares a figure."""
    return next(
        service for service in SERVICES if wanted.key.startswith(f"{service.key}.") and wanted in service.figures
    )


@register()
def check_declarations(**_: Any) -> list[Error]:
    """System check: keys once, titles in both languages, definitions that say something."""
    faults = []
    keys = [service.key for service in SERVICES]
    for key in {key for key in keys if keys.count(key) > 1}:
        faults.append(Error(f"two services are called {key}", id="unionhall.E001"))
    named = [one.key for service in SERVICES for one in service.figures]
    for key in {key for key in named if named.count(key) > 1}:
        faults.append(Error(f"two figures are called {key}", id="unionhall.E002"))
    for one in figures().values():
        for name in ("title", "title_en", "unit", "definition", "definition_en"):
            if not getattr(one, name):
                faults.append(Error(f"figure {one.key} has no {name}", id="unionhall.E003"))
    return faults


@register()
def check_notices(**_: Any) -> list[Error]:
    """System check: keys once, words in both languages, short texts short and naming nothing they may not."""
    keys = [kind.key for kind in NOTICES]
    twice = [
        Error(f"two kinds of notice are called {key}", id="unionhall.E007") for key in set(keys) if keys.count(key) > 1
    ]
    return twice + [Error(fault, id="unionhall.E008") for kind in NOTICES for fault in faults_of_kind(kind)]


@register()
def check_names(**_: Any) -> list[Error]:
    """System check: no two figures answer to one printed name, and every service has a row that says what it is."""
    faults, seen = [], dict[str, str]()
    for one in figures().values():
        for name in (one.title, *one.also):
            if seen.setdefault(name, one.key) != one.key:
                faults.append(Error(f"“{name}” is both {seen[name]} and {one.key}", id="unionhall.E004"))
    rows = {system.row for system in SYSTEMS}
    for service in SERVICES:
        if service.row not in rows:
            faults.append(Error(f"service {service.key} stands in no row", id="unionhall.E005"))
    return faults
