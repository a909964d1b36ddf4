"""What an officer of the district sets about notices: the words of each kind in both languages, and the quiet hours."""

from collections.abc import Mapping
from datetime import time
from typing import Any, NamedTuple

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionhall import catalogue
from unionhall.kernel.actor import Actor
from unionhall.messages import actions, standing
from unionhall.messages.actions.wordings import RIGHT
from unionhall.messages.kinds import LANGUAGES, LONGEST, LONGEST_SHORT, Kind, Words
from unionhall.organisations import places
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer

SPOKEN = {"zh-hans": "中文", "en": "English"}


class Line(NamedTuple):
    """A kind in one language, as it is told today; `own`: an officer's words, not those it was declared with."""

    kind: Kind
    title: str
    language: str
    spoken: str
    words: Words
    own: bool


@gate.right(RIGHT)
@never_cache
@require_safe
def wordings(request: HttpRequest) -> HttpResponse:
    """Every kind with today's words, and the quiet hours."""
    _of_the_district(request)
    today = timezone.localdate()
    words, own = standing.words(catalogue.NOTICES, today), standing.reworded(today)
    lines = [
        Line(kind, title_of(kind), language, SPOKEN[language], words[kind.key, language], (kind.key, language) in own)
        for kind in catalogue.NOTICES
        for language in LANGUAGES
    ]
    return render(
        request, "web/desk/notices/wordings.html", {"lines": lines, "quiet": str(standing.quiet_hours(today))}
    )


def title_of(kind: Kind) -> str:
    """In the reader's language."""
    return kind.title_en if (get_language() or "").startswith("en") else kind.title


class WordsForm(DeskForm):
    title = forms.CharField(label=_("标题"), max_length=LONGEST["title"])
    text = forms.CharField(label=_("正文"), max_length=LONGEST["text"], widget=forms.Textarea(attrs={"rows": 6}))
    short = forms.CharField(
        label=_("短信、微信和邮件里的一句话"), max_length=max(LONGEST_SHORT.values()), widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会显示在锁屏上：不写姓名、事项和金额，请对方登录查看。"),
    )  # fmt: skip


@gate.right(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Other words for a kind, from today on."""
    _of_the_district(request)
    kind, today = _kind(key, language), timezone.localdate()

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        words = Words(said["title"].strip(), said["text"].strip(), said["short"].strip())
        actions.reword(kind, language, words, by=by, on=today)
        return Done(_t("通知用语已改，从今天起用新的。"))

    fields = "、".join(f"{{{name}}} {meaning}" for name, meaning in kind.fields.items())
    in_short = "、".join(f"{{{name}}}" for name in sorted(kind.in_short)) or _t("没有")
    facts = ((_("语言"), SPOKEN[language]), (_("合并字段"), fields), (_("一句话里可用"), in_short))
    drawn = Drawn(
        title_of(kind), crumbs=_crumbs(), facts=facts, icon="message", intro=_("花括号里的合并字段，发送时换成内容。")
    )
    before = standing.words([kind], today)[key, language]
    return answer(request, WordsForm, drawn, act, reverse("desk-wordings"), initial=before._asdict())


@gate.right(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_words(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Back to the words the kind was declared with."""
    _of_the_district(request)
    kind, today = _kind(key, language), timezone.localdate()

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        changed = actions.own_words(kind, language, by=by, on=today)
        return Done(_t("已恢复原来的用语。") if changed else _t("没有改动。"))

    words = kind.words[language]
    facts = ((_("标题"), words.title), (_("正文"), words.text), (_("一句话"), words.short))
    drawn = Drawn(_("恢复原来的用语"), button=_("恢复"), crumbs=_crumbs(), facts=facts, icon="arrow-back-up")
    return answer(request, DeskForm, drawn, act, reverse("desk-wordings"))


class QuietForm(DeskForm):
    begins = forms.TimeField(label=_("从"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    ends = forms.TimeField(
        label=_("到"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("两个时刻相同，就是没有免打扰时段。"),
    )  # fmt: skip


@gate.right(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiet_hours(request: HttpRequest) -> HttpResponse:
    """From when until when no telephone rings, but with a sign-in code."""
    _of_the_district(request)
    today = timezone.localdate()
    holds = standing.quiet_hours(today)

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        actions.set_quiet_hours(_minutes(said["begins"]), _minutes(said["ends"]), by=by, on=today)
        return Done(_t("免打扰时段已改，从今天起用新的。"))

    intro = _("这段时间里只发登录验证码这样等不得的；其他的等到时段结束，同一个人的几条并作一条。")
    drawn = Drawn(_("免打扰时段"), intro=intro, crumbs=_crumbs(), icon="clock")
    initial = {"begins": _time(holds.begins), "ends": _time(holds.ends)}
    return answer(request, QuietForm, drawn, act, reverse("desk-wordings"), initial=initial)


def _of_the_district(request: HttpRequest) -> None:
    """These pages are there only for who carries the right over the whole district."""
    actor_of(request).must_reach(places.top(), *holders(RIGHT))


def _kind(key: str, language: str) -> Kind:
    found = next((kind for kind in catalogue.NOTICES if kind.key == key), None)
    if found is None or language not in LANGUAGES:
        raise Http404(f"wording {key} {language}")
    return found


def _crumbs() -> tuple[tuple[Any, str], ...]:
    return ((_("通知用语"), reverse("desk-wordings")),)


def _minutes(said: time) -> int:
    return said.hour * 60 + said.minute


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


urlpatterns: list[URLPattern] = [
    path("desk/wordings/", wordings, name="desk-wordings"),
    path("desk/wordings/quiet-hours/", quiet_hours, name="desk-quiet-hours"),
    path("desk/wordings/<str:key>/<str:language>/", wording, name="desk-wording"),
    path("desk/wordings/<str:key>/<str:language>/own/", own_words, name="desk-wording-own"),
]
