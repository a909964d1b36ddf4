"""What the notes and clocks of a matter are called, in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop as _

from unionhall.cases import service as services
from unionhall.cases.clock_models import Deadline, Note
from unionhall.cases.intake_moves import RATINGS
from unionhall.cases.models import Case
from unionhall.cases.note_moves import WRITTEN
from unionhall.cases.party_moves import ROLES
from unionhall.cases.reach import LEVELS
from unionhall.cases.service import CaseService
from unionhall.cases.turning import RESULTS
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.organisations.models import Account, Place
from unionhall.web import words
from unionhall.web.desk.columns import due_css
from unionhall.web.desk.detail import Event

SAID: dict[str, str] = {
    "assigned": _("指定由 %(who)s 办理"), "landed": _("由网格责任人 %(who)s 首先办理"), "unassigned": _("不再指定承办人"), "passed_on": _("从 %(from)s 转到 %(to)s 办理"),
    "taken_up": _("上报，改由%(level)s承办"), "given_back": _("退回补充材料"), "completed": _("材料已补齐，继续办理"),
    "merged": _("与 %(into)s 是同一件事，并入"), "took_in": _("并入了 %(number)s"), "reopened": _("重新办理"),
    "answered": _("答复职工"), "found": _("查明的情况"), "minuted": _("会议纪要"), "added": _("职工补充"), "rated": _("职工评价：%(score)s"),
    "suspended": _("“%(clock)s”的期限自 %(on)s 起中止"), "resumed": _("“%(clock)s”的期限自 %(on)s 起继续计算，%(due)s 到期"),
    "restarted": _("“%(clock)s”的期限自 %(on)s 起重新计算，%(due)s 到期"),
    "more_asked": _("申请把“%(clock)s”的期限延长 %(days)s 天"), "more_given": _("同意把“%(clock)s”的期限延长 %(days)s 天，%(due)s 到期"),
    "means": _("怎样认定经济困难状况"), "interview": _("律师会见职工，%(on)s"), "hearing": _("开庭：%(on)s"), "work": _("律师办案记录，%(on)s"),
    "report": _("结案报告"), "contacted": _("联系单位的经过"), "wished": _("又有一名职工希望建会"),
    "more_refused": _("不同意延长“%(clock)s”的期限"), "reminded": _("提醒：“%(clock)s”的期限 %(due)s 到期"),
    "party_added": _("登记了 %(n)s 名当事人"), "party_struck": _("移出当事人：%(role)s"), "party_left": _("一名职工退出"),
    "amounts_set": _("登记了 %(n)s 名职工的金额"), "represented": _("推举了 %(n)s 名代表"),
    "paid_part": _("%(on)s 付给 %(n)s 名职工，共 %(yuan)s 元"),
    "turned_into": _("转为%(service)s，编号 %(number)s"), "turned_from": _("由%(service)s %(number)s 转来"),
    "taken_to": _("%(on)s 转出到 %(body)s，案号 %(number)s"), "came_from": _("%(on)s 由 %(body)s 转入，案号 %(number)s"),
    "referred": _("转介 %(n)s 项内容，看到 %(until)s 为止"), "referral_back": _("撤回转介"), "referral_answer": _("收到转介的意见"),
    "result_heard": _("%(body)s %(on)s 的结果：%(result)s"),
}  # fmt: skip
"""Kind of a note -> its sentence; those in WRITTEN have none but their title."""


class Running(NamedTuple):
    """A clock of a matter as its page shows it. `left`: days to its last day, negative when late; None while it stands."""

    row: Deadline
    title: str
    left: int | None
    window: bool

    @property
    def css(self) -> str:
        running = not self.window and self.row.ended_on is None
        return due_css(self.row.due_on) if running and self.row.due_on is not None else ""

    @property
    def late_by(self) -> int:
        return -(self.left or 0)


def clocks_of(row: Case, service: CaseService) -> list[Running]:
    """The matter's clocks: those that run first, by their last day; then those that ended."""
    today = timezone.localdate()
    found = []
    for one in Deadline.objects.filter(case=row).order_by("started_on", "pk"):
        clock = service.clock(one.clock)
        left = (one.due_on - today).days if one.due_on is not None and one.ended_on is None else None
        found.append(Running(one, _t(clock.title) if clock else one.clock, left, clock.window if clock else False))
    last = date.max
    return sorted(found, key=lambda one: (one.row.ended_on is not None, one.window, one.row.due_on or last))


def noted(row: Case, service: CaseService, reader: Actor) -> list[Event]:
    """The matter's notes as lines of its timeline. Who wrote one reads it at once; others give a reason."""
    notes = list(Note.objects.filter(case=row).select_related("by").order_by("-at", "-pk")[:200])
    accounts = {note.said["account"] for note in notes if note.said.get("account")}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name"))
    paths = {
        note.said[key] for note in notes for key in ("from", "to") if note.kind == "passed_on" and note.said.get(key)
    }
    places = dict(Place.objects.filter(path__in=paths).values_list("path", "name"))
    clocks = {clock.key: _t(clock.title) for clock in service.clocks}
    found = []
    for note in notes:
        mine = note.by_id is not None and note.by_id == reader.account
        own = note.text.reveal(reader, "自己写的记录", _own) if mine and note.text is not None else ""
        who = note.by.name if note.by is not None else _t("系统")
        found.append(
            Event(timezone.localtime(note.at), who, sentence(note, names, places, clocks), words=own,
                  secret=None if own else note.text)
        )  # fmt: skip
    return found


def sentence(note: Note, names: Mapping[int, str], places: Mapping[str, str], clocks: Mapping[str, str]) -> str:
    """What a note says was done."""
    if note.kind in WRITTEN:
        return _t(WRITTEN[note.kind])
    said: dict[str, Any] = {
        key: places.get(value, value) if isinstance(value, str) else value for key, value in note.said.items()
    }
    kind = note.kind
    if kind == "assigned" and not said.get("account"):
        kind = "unassigned"
    said["who"] = names.get(said.get("account", 0), "—")
    said["clock"] = clocks.get(said.get("clock", ""), said.get("clock", ""))
    said["level"] = _t(LEVELS.get(str(note.said.get("to", "")), "—"))
    said["score"] = _t(RATINGS.get(str(note.said.get("score", "")), ""))
    said["role"] = _t(ROLES.get(str(note.said.get("role", "")), ""))
    said["result"] = _t(RESULTS.get(str(note.said.get("result", "")), ""))
    said["yuan"] = f"{yuan(int(note.said.get('fen') or 0)):,}"
    said["service"] = words.title(services.find(said["service"])) if said.get("service") else ""
    said["due"] = said.get("due") or _t("（当年放假安排公布后推算）")
    return _t(SAID[kind]) % said if kind in SAID else note.kind


def together(*timelines: Sequence[Event]) -> list[Event]:
    """Timelines in one, the latest first; a day without an hour stands at its end."""
    return sorted((event for one in timelines for event in one), key=lambda event: _moment(event.on), reverse=True)


def _moment(on: date | datetime) -> datetime:
    if isinstance(on, datetime):
        return on
    return timezone.make_aware(datetime.combine(on, time.max))


def _own(actor: Actor, purpose: str, column: str, uid: int) -> None:
    """Somebody reads what they wrote themselves: no look at anybody's secret."""
