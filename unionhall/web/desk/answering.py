"""Answering a matter at the desk: the field, a template put into it to be worked on, and one said to many matters."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from unionhall.cases import answer_moves, answers
from unionhall.cases import service as services
from unionhall.cases.merge_fields import BLANK
from unionhall.cases.models import AnswerText, Case
from unionhall.cases.reach import may_see
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.workflow import Move
from unionhall.web import words
from unionhall.web.desk.forms import DeskForm
from unionhall.web.desk.register import Bulk, Look

FILL = "fill"
"""The button that puts a template into the answer; nothing is sent by it."""


def field() -> forms.CharField:
    return forms.CharField(
        label=_("怎样答复职工"), max_length=answers.LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 8, "data-secret": ""}),
        help_text=_("职工会在自己的手机上看到这段话。"), validators=[_written],
    )  # fmt: skip


def _written(said: str) -> None:
    """Nothing a template left open is sent."""
    if BLANK in said:
        raise ValidationError(_("还有空着的地方（%(blank)s），请填好或者删掉。"), params={"blank": BLANK})


def offered(row: Case, step: Move) -> list[AnswerText]:
    """The templates that may be picked for a step."""
    return answers.texts(row.service, timezone.localdate()) if answers.ANSWER in step.asks else []


def begun(request: HttpRequest, row: Case, texts: list[AnswerText], by: Actor) -> dict[str, Any]:
    """What the form begins with: a picked template, filled in for this matter, below whatever was typed before."""
    sent = request.POST if request.method == "POST" else request.GET
    picked = next((one for one in texts if str(one.pk) == sent.get("template", "")), None)
    typed = {} if request.method != "POST" else {name: sent[name] for name in ("on", answers.ANSWER) if name in sent}
    if picked is None:
        return typed
    text = answers.filled(row, picked.body, timezone.localdate(), by=by)
    before = str(typed.get(answers.ANSWER, "")).strip()
    return typed | {answers.ANSWER: f"{before}\n{text}" if before else text}


def sent(row: Case, said: Mapping[str, Any]) -> dict[str, str]:
    """The answer as it goes out."""
    if not said.get(answers.ANSWER):
        return {}
    text = answers.with_names(row, said[answers.ANSWER])
    if BLANK in text:
        raise Refused("这件没有登记职工，请不要用 {field}。", code=answers.ANSWER, field="{职工}")
    return {answers.ANSWER: text}


class BulkForm(DeskForm):
    """`seen`: the template by which the first one was looked at."""

    template = forms.TypedChoiceField(label=_("答复模板"), coerce=int)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        mine = [
            one for one in answers.answered() if answers.at_once(one) and self.actor and may_see(self.actor, one.key)
        ]
        listed = [
            (row.pk, f"{words.title(one)} · {row.title}") for one in mine for row in answers.texts(one.key, today)
        ]
        self.fields["template"].choices = [("", "—"), *listed]  # type: ignore[attr-defined]


def _each(key: int, by: Actor, values: Mapping[str, Any]) -> None:
    answer_moves.answer_by(key, values["template"], by=by)


def _look(by: Actor, values: Mapping[str, Any], rows: Any) -> Look:
    """The first that can be answered, as it will read, with masked names; and how many there are."""
    text = AnswerText.objects.get(pk=values["template"])
    service = services.find(text.service)
    steps = answers.at_once(service)
    ready = rows.filter(service=text.service, state__in=[step.source for step in steps])
    count, first = ready.count(), ready.first()
    if first is None:
        return Look(str(text.pk), _t("其中没有一件现在能用这个模板答复。"))
    today = timezone.localdate()
    said = _t("其中现在能用这个模板答复的有 %(n)s 件；别的不动，结果里逐件说明。") % {"n": f"{count:,}"}
    missing = answers.blanks(first, text.body, today, by=by)
    lacks = _t("第一件没有写明%(what)s，要单独答复。") % {"what": "、".join(missing)} if missing else ""
    title = _t("第一件（%(number)s）的答复") % {"number": first.number}
    return Look(str(text.pk), said, title, answers.filled(first, text.body, today, by=by, masked=True), lacks)


BULK = Bulk(
    "answer", _("用模板答复"), _each, "cases.change", form=BulkForm, look=_look,
    ask=_("每件按模板填好自己的内容，当场发给职工。不能这样答复的事项不动，结果里逐件说明。不予办理的要逐件写，不在这里办。"),
)  # fmt: skip
