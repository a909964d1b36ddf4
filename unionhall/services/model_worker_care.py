"""劳模疗休养与体检: recuperation trips and physical exams; the honour is what entitles to them, for as long as it is held."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from unionhall.honours.models import Honour
from unionhall.indicators.figures import Flow
from unionhall.offers.conditions import Condition, Facts
from unionhall.offers.service import Field, OfferService

TITLE = "劳模、先进工作者"


def _holds(facts: Facts, _value: str, _offer: int) -> bool:
    return Honour.objects.on(facts.day).filter(title=TITLE, person=facts.person).exists()


def _held(_value: str, day: date, _offer: int) -> Q:
    return Q(Exists(Honour.objects.on(day).filter(title=TITLE, person=OuterRef("pk"))))


service = OfferService(
    key="models.care",
    title="劳模疗休养与体检",
    title_en="recuperation and exams of model workers",
    row=18,
    form=(Field("where", "疗休养地或体检机构"),),
    counts=("person_times", "people", "sessions", "money"),
    kinds=(("trip", "疗休养"), ("exam", "体检")),
    own=(Condition(key="model_worker", title="劳模、先进工作者", title_en="a model worker", met=_holds, where=_held),),
    asked_always=("model_worker",),
    by=("labour",),
    figures=(
        Flow(
            slug="trips", title="劳模疗休养", title_en="recuperation", unit="人次", unit_en="person-times", act="used",
            kinds=("trip",), definition="当期参加劳模疗休养的人次，不含随行家属。",
            definition_en="Model workers on recuperation trips in the period, each as often as they went; family apart.",
        ),
        Flow(
            slug="exams", title="劳模免费体检", title_en="free physical exams", unit="人次", unit_en="exams", act="used",
            kinds=("exam",), definition="当期完成的劳模免费体检人次。", definition_en="Free physical exams done in the period.",
        ),
        Flow(
            slug="people", title="享受疗休养或体检的劳模", title_en="model workers cared for", unit="名", unit_en="people",
            act="used", count="people", definition="当期参加疗休养或体检的人数，同一人只计一次。",
            definition_en="Distinct model workers on a trip or at an exam in the period.",
        ),
        Flow(
            slug="groups", title="疗休养和体检批次", title_en="trips and exam days", unit="批", unit_en="groups", act="held",
            definition="当期组织的疗休养和体检批次。", definition_en="Trips and exam days held in the period.",
        ),
        Flow(
            slug="money", title="劳模疗休养和体检支出", title_en="spent on model workers' care", unit="万元",
            unit_en="10,000 yuan", act="paid", count="fen", definition="当期疗休养和体检实际支出的金额，以支付日期为准。",
            definition_en="What trips and exams cost in the period, by day of payment.",
        ),
    ),
)  # fmt: skip
