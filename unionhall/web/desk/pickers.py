"""Fields that let a form choose what is on the registers: a place, a union, a station. Only what the actor may see is offered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import narrow, squeeze
from unionhall.kernel.paths import level
from unionhall.organisations.models import Employer, Place, Station, Union
from unionhall.organisations.roles import holders
from unionhall.web.desk import picking

MOST_LINES = 500
"""More employers than this come with a file."""


class PlaceField(forms.TypedChoiceField):
    """A place that stands, within the actor's posts with `right`: its path. `kinds` keeps to some kinds of place."""

    def __init__(self, *, right: str, kinds: Sequence[str] = (), **kwargs: Any) -> None:
        self.right, self.kinds = right, kinds
        kwargs.setdefault("label", gettext_lazy("地方"))
        super().__init__(choices=(), **kwargs)

    def offer(self, by: Actor) -> None:
        rows = Place.objects.at(*by.paths(*holders(self.right))).filter(until=None).order_by("path")
        if self.kinds:
            rows = rows.filter(kind__in=self.kinds)
        named = [(path, f"{'　' * max(0, level(path) - 1)}{name}") for path, name in rows.values_list("path", "name")]
        self.choices = [("", _("请选择")), *named]


class StationField(forms.TypedChoiceField):
    """A station that is open, within the actor's posts with `right`: its id."""

    def __init__(self, *, right: str, **kwargs: Any) -> None:
        self.right = right
        kwargs.setdefault("label", gettext_lazy("服务站"))
        super().__init__(choices=(), coerce=int, **kwargs)

    def offer(self, by: Actor) -> None:
        rows = Station.objects.at(*by.paths(*holders(self.right))).filter(until=None).order_by("path", "code")
        self.choices = [("", _("请选择")), *((str(pk), name) for pk, name in rows.values_list("pk", "name"))]


class UnionField(picking.UnionField):
    """A union that stands, by its code or name: its id, None when left empty. Those above one's places may be chosen too."""

    def clean(self, value: Any) -> Any:
        row = super().clean(value)
        return row.pk if row is not None else None

    @staticmethod
    def rows(actor: Actor) -> Any:
        above = {path[:end] for path in actor.paths() for end in range(3, len(path), 3)}
        return Union.objects.filter(until=None).filter(Q(pk__in=Union.objects.visible_to(actor)) | Q(path__in=above))


class EmployersField(forms.CharField):
    """Employers, one a line, by unified code or whole name: their ids, in order. Only those the actor sees are known."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("单位"))
        kwargs.setdefault("help_text", gettext_lazy("一行一家，填统一社会信用代码或单位全称"))
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=20_000, **kwargs)
        self.by: Actor | None = None

    def offer(self, by: Actor) -> None:
        self.by = by

    def clean(self, value: Any) -> Any:
        lines = [narrow(line) for line in str(super().clean(value)).splitlines()]
        typed = list(dict.fromkeys(line for line in lines if line))
        if len(typed) > MOST_LINES:
            raise ValidationError(_("一次最多 %(most)d 家单位，更多的请用导入。") % {"most": MOST_LINES})
        if not typed or self.by is None:
            return []
        rows = Employer.objects.visible_to(self.by)
        codes = {squeeze(line).upper(): line for line in typed}
        by_code = {codes[code]: pk for code, pk in rows.filter(uscc__in=codes).values_list("uscc", "pk")}
        named: dict[str, list[int]] = {}
        for name, pk in rows.filter(name__in=[line for line in typed if line not in by_code]).values_list("name", "pk"):
            named.setdefault(name, []).append(pk)
        lost = [line for line in typed if line not in by_code and line not in named]
        twice = [line for line in typed if len(named.get(line, ())) > 1]
        if lost:
            raise ValidationError(
                _("没有找到这些单位，或不在您的岗位范围内：%(lines)s") % {"lines": "、".join(lost[:3])}
            )
        if twice:
            raise ValidationError(_("有同名的单位，请填统一社会信用代码：%(lines)s") % {"lines": "、".join(twice[:3])})
        return [by_code[line] if line in by_code else named[line][0] for line in typed]
