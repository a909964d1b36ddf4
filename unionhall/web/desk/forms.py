"""Forms of the desk: they keep what was typed, say what is wrong and where, and are carried out once however often sent.

class EndForm(DeskForm):
    because = forms.ChoiceField(label=_("原因"), choices=…)

return answer(request, EndForm, title=_("终止会籍"), act=lambda by, said: Done(_("会籍已终止。"), undo=…), then=address)
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.web.acting import actor_of
from unionhall.web.desk import actions
from unionhall.web.desk.picking import give_actor
from unionhall.web.desk.undo import Inverse
from unionhall.web.refusals import in_words

_SEND = gettext_lazy("提交")


class DeskForm(forms.Form):
    """A form of the desk. Its fields are drawn by crispy in the order they are declared; labels in Chinese msgids.

    `actor` is whoever fills it in: `answer` and the bulk pages pass it.
    """

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    required_css_class = "required"
    error_css_class = "wrong"

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.actor = actor
        if actor is not None:
            give_actor(self, actor)
        self.fields["key"].initial = uuid.uuid4
        for name, one in self.fields.items():
            one.error_messages.setdefault("required", gettext_lazy("请填写这一项。"))
            one.error_messages["required"] = gettext_lazy("请填写“%(label)s”。") % {"label": one.label or name}
            if isinstance(one, forms.ChoiceField):
                one.error_messages["required"] = gettext_lazy("请选择“%(label)s”。") % {"label": one.label or name}
                one.error_messages["invalid_choice"] = gettext_lazy("请在列出的选项里选择。")
            if isinstance(one, forms.DateField):
                one.error_messages["invalid"] = gettext_lazy("请按 2015-03-01 这样填写日期。")
                one.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = True
        self.helper.attrs = {"novalidate": "novalidate"}


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: the sentence to show, and how it could be taken back. `then` overrides where to go."""

    said: str
    undo: Inverse | None = None
    then: str = ""


Act = Callable[[Actor, Mapping[str, Any]], Done]
"""(by, cleaned values) -> Done, or raises Refused; runs in a transaction. The form itself is among the values as "form"."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the page of a form shows besides it: `crumbs` are (title, address), `facts` (title, text) of what it is about.

    `hidden` are (name, value) sent along with it.
    """

    title: Any
    button: Any = _SEND
    intro: Any = ""
    crumbs: tuple[tuple[Any, str], ...] = ()
    facts: tuple[tuple[Any, Any], ...] = ()
    icon: str = "check"
    danger: bool = False
    hidden: tuple[tuple[str, str], ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


def answer(
    request: HttpRequest,
    form: type[DeskForm] | Callable[..., DeskForm],
    drawn: Drawn,
    act: Act,
    then: str,
    *,
    initial: Mapping[str, Any] | None = None,
    template: str = "web/desk/form.html",
    filling: bool = False,
) -> HttpResponse:
    """The page of a form (GET), or what became of it (POST): a redirect to `then` with the sentence, or 422 with the form.

    `filling`: it was sent to have something put into it (`initial`), and nothing is done yet.
    """
    by = actor_of(request)
    if request.method != "POST" or filling:
        return _page(request, form(initial=dict(initial or {}), actor=by), drawn, then, template, 200)
    sent = form(request.POST, request.FILES or None, initial=dict(initial or {}), actor=by)
    if sent.is_valid():
        try:
            return HttpResponseRedirect(carry_out(request, {**sent.cleaned_data, "form": sent}, act, then))
        except Refused as refused:
            sent.add_error(refused.code if refused.code in sent.fields else None, in_words(refused))
    return _page(request, sent, drawn, then, template, 422)


def carry_out(request: HttpRequest, said: Mapping[str, Any], act: Act, then: str) -> str:
    """Do it once, in a transaction; where to go. A second sending of the same form does nothing and goes there too."""
    by = actor_of(request)
    key = said.get("key")
    with transaction.atomic():
        if key is not None:
            before = actions.sent_before(key, by=by)
            if before is not None:
                messages.info(request, _("这张表刚才已经提交过，没有重复办理。"))
                return before or then
        done = act(by, said)
        undo = actions.can_undo(done.said, done.undo.name, done.undo.arguments, by=by) if done.undo else None
        to = done.then or then
        if key is not None:
            actions.sent(key, to, by=by)
    messages.success(request, done.said, extra_tags=f"undo-{undo}" if undo else "")
    return to


def _page(request: HttpRequest, form: DeskForm, drawn: Drawn, back: str, template: str, status: int) -> HttpResponse:
    context = {"form": form, "drawn": drawn, "back": back, "problems": problems(form)}
    return render(request, template, context, status=status)


def problems(form: forms.Form) -> list[tuple[str, str]]:
    """(id of the field, what is wrong) for the summary; what concerns the whole form points at its first field."""
    first = next((_id(one) for one in form if not one.is_hidden), "")
    found = [(first, error) for error in form.non_field_errors()]
    return found + [(_id(one) or first, error) for one in form for error in one.errors]


def _id(one: forms.BoundField) -> str:
    """The id to go to; of a group of buttons, the first one's."""
    if isinstance(one.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple) and len(one.subwidgets):
        return one.subwidgets[0].id_for_label
    return one.id_for_label
