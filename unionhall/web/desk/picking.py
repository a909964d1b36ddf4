"""Naming a union or an employer in a form: typed as a code or a whole name, with suggestions while one types.

Without JavaScript the field is a line of text; either way what was typed is looked up again when the form is sent.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import narrow
from unionhall.organisations.models import Employer, Union
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of

MOST = 12
_NAMED = re.compile(r".*[（(]([0-9A-Za-z-]+)[）)]")


class Picker(forms.TextInput):
    """A line of text with a list of suggestions that the server makes from what is typed."""

    def __init__(self, url_name: str) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.url_name = url_name

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id', name)}-options"
        more = {
            "list": listed, "hx-get": reverse(self.url_name), "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{listed}", "hx-params": name, "hx-swap": "innerHTML",
        }  # fmt: skip
        drawn = super().render(name, value, {**(attrs or {}), **more}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', drawn, listed)


class UnionField(forms.CharField):
    """A standing union within reach; cleaned to its row, None when left empty. The form must set `actor`."""

    actor: Actor
    right = "unions.see"
    unknown = gettext_lazy("没有这个编号或名称的工会，或不在您的岗位范围内。请从提示里选，或填工会编号。")
    several = gettext_lazy("有几个工会都叫这个名字，请填工会编号。")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picker("desk-pick-union"))
        kwargs.setdefault("max_length", 160)
        kwargs.setdefault("help_text", gettext_lazy("填工会编号或全称"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = list(self.rows(self.actor).filter(self.named(text.strip()))[:2])
        if len(found) != 1:
            raise forms.ValidationError(self.several if found else self.unknown)
        return found[0]

    @staticmethod
    def rows(actor: Actor) -> Any:
        return Union.objects.at(*actor.paths(*holders("unions.see"))).filter(until=None)

    @staticmethod
    def named(text: str) -> Q:
        return Q(code=_code(text)) | Q(name=text)


class EmployerField(UnionField):
    """An employer, by its credit code or whole name; cleaned to its row, None when left empty."""

    unknown = gettext_lazy("没有这个代码或名称的单位，或不在您的岗位范围内。请从提示里选，或填统一社会信用代码。")
    several = gettext_lazy("有几个单位都叫这个名字，请填统一社会信用代码。")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picker("desk-pick-employer"))
        kwargs.setdefault("help_text", gettext_lazy("填统一社会信用代码或全称"))
        super().__init__(**kwargs)

    @staticmethod
    def rows(actor: Actor) -> Any:
        return Employer.objects.at(*actor.paths(*holders("employers.see")))

    @staticmethod
    def named(text: str) -> Q:
        return Q(uscc=_code(text).upper()) | Q(name=text)


def _code(text: str) -> str:
    """The code in "红星机械厂工会（U01）", or the text itself, half-width. Names keep the width they were written in."""
    found = _NAMED.fullmatch(text)
    return found[1] if found else narrow(text)


def shown(row: Any) -> str:
    """A union or employer as the field takes it back: "红星机械厂工会（U01）"."""
    return f"{row.name}（{row.code if isinstance(row, Union) else row.uscc}）" if row is not None else ""


def give_actor(form: forms.Form, actor: Actor) -> None:
    """Tell the picking fields of a form who fills it in."""
    for one in form.fields.values():
        if isinstance(one, UnionField):
            one.actor = actor


def _suggestions(request: HttpRequest, field: type[UnionField]) -> HttpResponse:
    typed = narrow(next(iter(request.GET.values()), "")).replace("\x00", "")[:40]
    if not typed:
        return HttpResponse("")
    code = {"code__istartswith": typed} if field is UnionField else {"uscc__istartswith": typed}
    rows = field.rows(actor_of(request)).filter(Q(name__icontains=typed) | Q(**code)).order_by("name")[:MOST]
    options = format_html_join("", '<option value="{}"></option>', ((shown(row),) for row in rows))
    return HttpResponse(options or format_html("<option disabled>{}</option>", _("没有找到")))


def _pick(field: type[UnionField], right: str) -> Callable[..., HttpResponse]:
    @gate.right(right)
    @never_cache
    @require_safe
    def desk_pick(request: HttpRequest) -> HttpResponse:
        return _suggestions(request, field)

    return desk_pick


urlpatterns = [
    path("desk/pick/unions/", _pick(UnionField, "unions.see"), name="desk-pick-union"),
    path("desk/pick/employers/", _pick(EmployerField, "employers.see"), name="desk-pick-employer"),
]

Words = Mapping[str, Any]


def choices(words: Words, empty: Any = "") -> list[tuple[str, str]]:
    """Options of a select out of key -> title; `empty` is the title of leaving it open."""
    first = [("", str(empty) or "—")]
    return first + [(key, _(str(title))) for key, title in words.items()]
