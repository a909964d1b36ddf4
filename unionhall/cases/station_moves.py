"""What is done about a station's standard: items laid down and ended, how each was found, and what a step makes of it.

The station's own word, the district's and the city's are never one person's.
"""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.cases import reach, station_rules
from unionhall.cases.models import Case
from unionhall.cases.station_models import ItemCheck, StandardItem
from unionhall.cases.station_rules import DISTRICT, SELF, STANDARD
from unionhall.cases.stepping import by_another
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.workflow import Move
from unionhall.organisations import places
from unionhall.organisations.actions import station_life
from unionhall.organisations.models import Station
from unionhall.storage import turns

LONGEST = {"title": 60, "evidence": 200, "reason": 200}
CHECKS_BY = {SELF: ("station_head", "station_worker"), DISTRICT: ("organisation",)}
"""Stage -> the posts that find how the items are."""


class Found(NamedTuple):
    """How one item was found; `file`: the number of the matter's file that shows it."""

    met: bool
    evidence: str = ""
    file: int | None = None


def lay_down_item(key: str, title: str, evidence: str, *, required: bool, since: date, reason: str, by: Actor) -> str:
    """An item of the checklist from a day on; its key ("" asks for a new one). What was checked before stays as it was.

    Refused: an empty or too long word (its field), a day that has passed or is taken ("since").
    """
    _may_lay_down(by)
    said = {"title": title.strip(), "evidence": evidence.strip(), "reason": reason.strip()}
    _whole(said)
    with transaction.atomic():
        turns.take(StandardItem)
        if not key:
            key = f"own{StandardItem.objects.count() + 1}"
        elif all(key != item.key for item in station_rules.items_on(date.max)):
            raise Refused("清单里没有这一项，或已经不再要求。")
        _from_today_on(key, since)
        row = StandardItem.objects.create(key=key, since=since, required=required, by=by.account, **said)
        _wrote("station.item", row, by)
        return key


def end_item(key: str, *, since: date, reason: str, by: Actor) -> None:
    """An item is asked no more from a day on. Refused as `lay_down_item`."""
    _may_lay_down(by)
    _whole({"reason": reason.strip()})
    with transaction.atomic():
        turns.take(StandardItem)
        item = next((one for one in station_rules.items_on(date.max) if one.key == key), None)
        if item is None:
            raise Refused("清单里没有这一项，或已经不再要求。")
        _from_today_on(key, since)
        row = StandardItem.objects.create(
            key=key, title=item.title, evidence=item.evidence, required=item.required, since=since, until=since,
            reason=reason.strip(), by=by.account,
        )  # fmt: skip
        _wrote("station.item_end", row, by)


def check(case: int, said: Mapping[str, Found], *, by: Actor) -> int:
    """Write down how items were found, by whoever's turn it is: the station, then the district. How many were written.

    Each says what shows it: in words or by a file of the matter; one that is not met says what is missing. What stands as it
    was said already is not written again.
    """
    with transaction.atomic():
        row: Case | None = Case.objects.select_for_update(of=("self",)).filter(pk=case).first()
        stage = station_rules.stage_of(row) if row is not None else ""
        if row is None or row.service != STANDARD or not by.reaches(row.path, *CHECKS_BY.get(stage, ("system",))):
            raise NotYours(f"case:{case}")
        if stage == DISTRICT and by.account is not None and by.account in station_rules.by_stage(row)[SELF]:
            raise Refused("自查是您自己填的，不能由您自己核查，请由另一位有权核查的人办理。")
        items = {item.key: item for item in station_rules.items_on(timezone.localdate())}
        files = set(row.files.exclude(token="").values_list("pk", flat=True))
        held, rows = station_rules.checks_of(row), list[ItemCheck]()
        for key, found in said.items():
            if key not in items:
                raise Refused("清单里没有这一项，或已经不再要求。", code=f"met_{key}")
            _shown(found, items[key].title, key, stage, files)
            if _told_already(found, held, key, stage):
                continue
            rows.append(ItemCheck(case=row, item=key, title=items[key].title, stage=stage, met=found.met,
                                  evidence=found.evidence.strip(), file=found.file, at=timezone.now(), by=by.account))  # fmt: skip
        if not rows:
            raise Refused("没有任何改动，请修改后再提交。")
        for one in rows:
            one.save(force_insert=True)
        audit.write(f"station.check_{stage}", by=by, subject=row.subject, path=row.path, rows=rows)
        return len(rows)


def follow(case: Case, step: Move, values: Mapping[str, Any], *, on: date, by: Actor) -> None:
    """Within the transaction of a step towards the standard, before it is saved. Refused: a day before the last step's or to
    come, items not answered or not met (by name), one's own entry approved by oneself, and what the register refuses.
    """
    station = station_rules.in_turn(case, on)
    if step.target == "set_up" and case.state != "self_checked":
        _stands(case)
    elif step.target == "self_checked":
        if missing := station_rules.not_answered(case, on):
            raise Refused("还有 {count} 项没有自查：{items}。", count=len(missing), items=missing)
    elif step.target == "district_checked":
        _all_met(case, on)
        by_another(case, "self_checked", by)
    elif step.target == "met":
        _all_met(case, on)
        by_another(case, "self_checked", by)
        station_life.accept_station(station, on=on, by=by)
        case.details = {**case.details, "met_on": on.isoformat()}
    elif step.target == "lapsed":
        if (star := station_rules.star_of(station, on)) is not None:
            raise Refused("这个站还有 {stars} 星，有效期到 {until}；请先取消星级。", stars=star.stars, until=star.until)
        case.save(update_fields=["state"])  # so that the register is no longer held to it
        station_life.withdraw_acceptance(station, on=on, reason=str(values["reason"]), by=by)


def _told_already(found: Found, held: Mapping[tuple[str, str], ItemCheck], key: str, stage: str) -> bool:
    last = station_rules.holds(held, key, stage)
    return last is not None and (last.met, last.evidence, last.file) == (found.met, found.evidence.strip(), found.file)


def _shown(found: Found, title: str, key: str, stage: str, files: Container[int]) -> None:
    said = found.evidence.strip()
    if len(said) > LONGEST["evidence"]:
        raise Refused("最多 {longest} 个字，请写得短一些。", code=f"evidence_{key}", longest=LONGEST["evidence"])
    if found.file is not None and found.file not in files:
        raise Refused("请从这件事项的材料里选择。", code=f"file_{key}")
    if not found.met and not said:
        raise Refused("“{title}”没有达标，请写明缺什么。", code=f"evidence_{key}", title=title)
    if stage == SELF and not said and found.file is None:
        raise Refused("“{title}”达标的，请写明依据，或选一份材料。", code=f"evidence_{key}", title=title)


def _stands(case: Case) -> None:
    """Refused: what everybody is to know of a station is not in its register."""
    row = Station.objects.get(pk=case.station_id or 0)
    told = (("地址", row.address), ("开放时间", row.hours), ("服务窗口", row.windows))
    missing = [title for title, said in told if not said]
    if missing:
        raise Refused("请先在服务站的登记里填写：{missing}。", missing=missing)


def _all_met(case: Case, on: date) -> None:
    if missing := station_rules.not_met(case, on):
        raise Refused("还有 {count} 项必备条件没有达到：{items}。", count=len(missing), items=missing)


def _as_found(stations: Sequence[int]) -> None:
    """Nobody writes another day than the matter in which it was found says, by whatever door."""
    found = Case.objects.filter(station_rules.in_force(), station__in=list(stations)).select_related("station")
    for case in found.order_by("pk"):
        column, day = station_rules.told_by(case)
        if column and getattr(case.station, column) != day:
            raise Refused(
                "{name}的这个日期由事项 {number} 定，不能在这里改；请在那件事项里办理。",
                code=column,
                name=str(case.station),
                number=case.number,
            )


audit.hold_to(Station, _as_found)


def _may_lay_down(by: Actor) -> None:
    if not reach.may_lay_down(by, STANDARD):
        raise NotYours("standard items")


def _whole(said: Mapping[str, str]) -> None:
    """Refused: a word that is missing or too long."""
    for field, text in said.items():
        if not text:
            raise Refused("请填写这一项。", code=field)
        if len(text) > LONGEST[field]:
            raise Refused("最多 {longest} 个字，请写得短一些。", code=field, longest=LONGEST[field])


def _from_today_on(key: str, since: date) -> None:
    """Refused: a day that has passed, or one another row of this item has begun by."""
    if since < timezone.localdate():
        raise Refused("清单的变动从今天或以后起施行，以前的检查已经按当时的清单办。", code="since")
    later = StandardItem.objects.filter(key=key, since__gte=since).order_by("since").first()
    if later is not None:
        raise Refused("{since} 起已有这一项的规定，请选那以后的一天。", code="since", since=later.since.isoformat())


def _wrote(act: str, row: StandardItem, by: Actor) -> None:
    audit.write(act, by=by, subject=f"standarditem:{row.pk}", path=places.top(), rows=(row,), note=row.key)
