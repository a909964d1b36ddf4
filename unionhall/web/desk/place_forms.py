"""Forms for one place: a place below it, another name, becoming part of another place with what follows of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from unionhall import catalogue
from unionhall.indicators.territory import Moved
from unionhall.indicators.territory import Moves as Reorganised
from unionhall.kernel.actor import Actor
from unionhall.kernel.period import Period
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.actions import tree_growth
from unionhall.organisations.actions.tree_growth import BELOW, NewPlace
from unionhall.organisations.models import Place, Station, Union
from unionhall.organisations.vocabulary import PLACE_KINDS
from unionhall.web import words
from unionhall.web.acting import actor_of
from unionhall.web.counted import Reading
from unionhall.web.desk.forms import Done
from unionhall.web.desk.moves import Move, Moves, RowForm
from unionhall.web.desk.pickers import PlaceField
from unionhall.web.desk.undo import Inverse, TakeBack

RIGHT = "places.change"
PREVIEWED = ("union.employers", "member.members", "station.open", "union.unionisation")


def find(actor: Actor, number: int) -> Place:
    """The place, when the actor may see it."""
    row = Place.objects.visible_to(actor).select_related("parent").filter(pk=number).first()
    if row is None:
        raise Http404(f"place {number}")
    found: Place = row
    return found


class AddForm(RowForm):
    name = forms.CharField(label=_("名称"), max_length=64)
    kind = forms.ChoiceField(label=_("类别"))
    since = forms.DateField(label=_("启用日期"), initial=timezone.localdate)
    code = forms.CharField(label=_("代码"), max_length=12, required=False, help_text=_("留空由系统编号"))
    tile_row = forms.IntegerField(
        label=_("拼图第几行"), min_value=1, max_value=99, required=False, help_text=_("看板上的拼图位置，可不填")
    )
    tile_column = forms.IntegerField(label=_("拼图第几列"), min_value=1, max_value=99, required=False)

    def fit(self) -> None:
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, _t(PLACE_KINDS[kind])) for kind in BELOW[self.row.kind]] if self.row else []
        if self.row is not None and self.row.kind != "district":
            del self.fields["tile_row"], self.fields["tile_column"]


class RenameForm(RowForm):
    name = forms.CharField(label=_("新名称"), max_length=64)
    on = forms.DateField(label=_("更名日期"), initial=timezone.localdate)


class BecameForm(RowForm):
    into = PlaceField(label=_("并入哪个地方"), right=RIGHT)
    on = forms.DateField(label=_("并入日期"), initial=timezone.localdate, help_text=_("从这一天起算到新的地方"))
    reason = forms.CharField(label=_("原因和文号"), max_length=200)
    seen = forms.BooleanField(
        label=_("已核对数的变化"),
        help_text=_("先不勾，提交一次，下面会列出数怎样变；核对后勾选，再提交。"),
    )

    def fit(self) -> None:
        self.fields["seen"].error_messages["required"] = _("数会怎样变，列在下面。请核对，勾选后再提交一次。")
        field = self.fields["into"]
        assert isinstance(field, forms.ChoiceField)
        mine = self.row.path if self.row is not None else "-"
        field.choices = [(value, title) for value, title in field.choices if not str(value).startswith(mine)]


class Shift(NamedTuple):
    """A figure before and after a reorganisation: (this place, the other) on the day before it, and on the day."""

    title: str
    before: tuple[str, str]
    after: tuple[str, str]


def preview(row: Place, into: Place, on: date) -> list[Shift]:
    """What the figures of both places say the day before a place becomes another, and from that day on.

    Counted as the reorganisation's map will count them, of the records there are today; nothing is written.
    """
    known = Reading().moves()
    day = min(max(on, timezone.localdate()), date.max)
    # Asked for a day on which the move already holds, with the records of that day, before and after it.
    then = Period.day(day)
    moved = Reorganised((*known, Moved(row.path, into.path, on, None)))
    moved.merges = known.merges
    shifts = []
    for key in PREVIEWED:
        one = catalogue.figure(key)
        before, after = (
            tuple(one.show(one.value(place.path, then, moved=how)) for place in (row, into)) for how in (known, moved)
        )
        shifts.append(Shift(words.title(one), before, after))  # type: ignore[arg-type]
    return shifts


def _previewed(request: HttpRequest, row: Place) -> Mapping[str, Any]:
    """The preview, once a place and a day were chosen."""
    given, day = request.POST.get("into", ""), _day(request.POST.get("on", ""))
    by = actor_of(request)
    into = Place.objects.visible_to(by).filter(path=given, until=None).first() if given.isalnum() else None
    if into is None or day is None or into.path.startswith(row.path):
        return {"row": row}
    return {"row": row, "into": into, "day": day, "shifts": preview(row, into, day)}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _add(row: Place, by: Actor, said: Mapping[str, Any]) -> Done:
    stated = NewPlace(
        row.pk, said["name"], said["kind"], said["since"], said["code"], said.get("tile_row"), said.get("tile_column")
    )
    number = tree_growth.add_place(stated, by=by)
    return Done(_t("地方已新设。"), then=_page(number))


def _rename(row: Place, by: Actor, said: Mapping[str, Any]) -> Done:
    before = tree_growth.rename_place(row.pk, said["name"], on=said["on"], by=by)
    return Done(_t("已更名。"), undo=Inverse("place.rename", {"place": row.pk, "name": before}))


def _became(row: Place, by: Actor, said: Mapping[str, Any]) -> Done:
    into = Place.objects.visible_to(by).get(path=said["into"])
    tree_growth.reorganise(row.pk, into.pk, on=said["on"], reason=said["reason"], by=by)
    return Done(_t("并入已登记。"))


def _gone(row: Place, by: Actor) -> str:
    return _t("这个地方已经撤销。") if row.until is not None else ""


def _no_room(row: Place, by: Actor) -> str:
    return _gone(row, by) or ("" if BELOW[row.kind] else _t("网格下面不再设地方。"))


def _is_top(row: Place, by: Actor) -> str:
    return _gone(row, by) or (_t("区本身不能并入别处。") if row.parent_id is None else "")


def _what_lies_there(row: Place) -> tuple[tuple[Any, Any], ...]:
    """What a reorganisation carries with it, and whom it leaves to be given new posts."""
    below = Place.objects.at(row.path).filter(until=None).exclude(pk=row.pk).count()
    posts = PostHeld.objects.at(row.path).on(timezone.localdate()).values("account").distinct().count()
    return (
        (_("下级"), f"{below:,}"), (_("工会"), f"{Union.objects.at(row.path).filter(until=None).count():,}"),
        (_("服务站"), f"{Station.objects.at(row.path).filter(until=None).count():,}"), (_("岗位在这里的人"), f"{posts:,}"),
    )  # fmt: skip


def _named(row: Place) -> tuple[tuple[Any, Any], ...]:
    return ((_("现在的名称"), row.name),)


MOVES = Moves("place", "desk/places/", _("区划"), find, (
    Move(key="add", title=_("新设下级"), right=RIGHT, form=AddForm, act=_add, why_not=_no_room, icon="plus", button=_("新设")),
    Move(key="rename", title=_("更名"), right=RIGHT, form=RenameForm, act=_rename, why_not=_gone, facts=_named,
         intro=_("从更名之日起用新名称；以前的名称留在经过里，数不受影响。")),
    Move(key="became", title=_("并入别处"), right=RIGHT, form=BecameForm, act=_became, why_not=_is_top, icon="sitemap", danger=True,
         facts=_what_lies_there, template="web/desk/standing/became.html", more=_previewed, button=_("确定并入"),
         intro=_("从并入之日起，这里的记录算到新的地方；以前的数仍算在这里，不会改变。记录本身不搬动，岗位也不自动变：原来的人要另行安排岗位。")),
), "desk-places")  # fmt: skip


def _page(number: int) -> str:
    return reverse("desk-place", args=[number])


def _undo_rename(by: Actor, kept: Mapping[str, Any]) -> str:
    tree_growth.rename_place(kept["place"], kept["name"], on=timezone.localdate(), by=by)
    return _page(kept["place"])


INVERSES: Mapping[str, TakeBack] = {"place.rename": _undo_rename}
