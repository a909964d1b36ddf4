"""What can be done to one row of the standing order: each move its form, its address, and why it is not lawful now.

    MOVES = Moves("union", find, (Move(key="rename", title=_("更名"), right="unions.change", form=RenameForm, act=_rename), …))

gives the addresses desk/unions/<id>/rename/ … (`addresses`) and the buttons of the detail page (`steps`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.detail import Step
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer


class RowForm(DeskForm):
    """A form about one row, by one actor: fields that offer what the actor may choose are asked for it (`offer`)."""

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        for field in self.fields.values():
            if self.actor is not None and hasattr(field, "offer"):
                field.offer(self.actor)
        self.fit()

    def fit(self) -> None:
        """Make the fields fit `self.row`, where a form needs it."""


Find = Callable[[Actor, int], Any]
"""(actor, id) -> the row, or Http404 when there is none the actor may see."""


def _never(row: Any, by: Actor) -> str:
    return ""


def _nothing(row: Any) -> dict[str, Any]:
    return {}


def _where(row: Any) -> str:
    return str(row.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing to do. `why_not(row, actor)` says in words why it cannot be done now, "" when it can; `place` is the path
    over which the actor must hold `right`; `wrap` hangs a further check over the page, such as signing in again.
    """

    key: str
    title: Any
    right: str
    act: Callable[[Any, Actor, Mapping[str, Any]], Done]
    form: type[RowForm] = RowForm
    why_not: Callable[[Any, Actor], Any] = _never
    initial: Callable[[Any], dict[str, Any]] = _nothing
    place: Callable[[Any], str] = _where
    intro: Any = ""
    facts: Callable[[Any], tuple[tuple[Any, Any], ...]] = lambda row: ()
    button: Any = ""
    icon: str = "edit"
    danger: bool = False
    template: str = "web/desk/form.html"
    more: Callable[[HttpRequest, Any], Mapping[str, Any]] = lambda request, row: {}
    wrap: Callable[[Callable[..., Any]], Callable[..., Any]] = lambda view: view


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves of one kind of row: `name` is its detail page's address without "desk-", `at` that page's folder, `back`
    the list it is reached from, `named` what the row is called there.
    """

    name: str
    at: str
    title: Any
    find: Find
    moves: Sequence[Move]
    back: str
    named: Callable[[Any], str] = str

    def steps(self, row: Any, by: Actor) -> list[Step]:
        """The buttons of the row's page: what the actor's posts allow there, and what is missing for the rest of it."""
        found = []
        for move in self.moves:
            if by.reaches(move.place(row), *holders(move.right)):
                why = move.why_not(row, by)
                href = reverse(f"desk-{self.name}-{move.key}", args=[row.pk])
                found.append(Step(move.key, move.title, not why, why, href, icon=move.icon, danger=move.danger))
        return found

    def addresses(self) -> list[URLPattern]:
        """One page for each move."""
        return [
            path(f"{self.at}<int:number>/{move.key}/", self._view(move), name=f"desk-{self.name}-{move.key}")
            for move in self.moves
        ]

    def _view(self, move: Move) -> Callable[..., HttpResponse]:
        def desk_move(request: HttpRequest, number: int) -> HttpResponse:
            by = actor_of(request)
            row = self.find(by, number)
            if not by.reaches(move.place(row), *holders(move.right)):
                raise NotYours(f"{self.name} {number}")
            why = move.why_not(row, by)
            if why:
                raise Refused(str(why))
            here = reverse(f"desk-{self.name}", args=[number])
            shown = Drawn(
                move.title, button=move.button or move.title, intro=move.intro, crumbs=((self.title, reverse(self.back)), (self.named(row), here)),
                facts=move.facts(row), icon=move.icon, danger=move.danger, more=move.more(request, row),
            )  # fmt: skip
            return answer(
                request, partial(move.form, row=row), shown, partial(_done, move, row), here,
                initial=move.initial(row) | _asked(request, move.form), template=move.template,
            )  # fmt: skip

        # The gate is outermost: the right is asked for before a password is.
        guarded = require_http_methods(["GET", "HEAD", "POST"])(move.wrap(desk_move))
        return gate.right(move.right)(never_cache(guarded))  # type: ignore[no-any-return]


def _asked(request: HttpRequest, form: type[RowForm]) -> dict[str, str]:
    """What an address fills in of a form: a preview keeps what was chosen, a link from elsewhere chooses."""
    return {name: request.GET[name][:200] for name in form.base_fields if name in request.GET and name != "key"}


def _done(move: Move, row: Any, by: Actor, said: Mapping[str, Any]) -> Done:
    return move.act(row, by, said)


def new_view(
    title: Any, right: str, form: type[RowForm], act: Callable[[Actor, Mapping[str, Any]], Done], *, back: str,
    crumb: Any, initial: Callable[[HttpRequest], dict[str, Any]] = lambda request: {}, intro: Any = "",
    button: Any = "", template: str = "web/desk/form.html",
) -> Callable[..., HttpResponse]:  # fmt: skip
    """The page that adds a row: the form, and `act`, whose `Done.then` leads to what was added. `back`: the list's name."""

    @gate.right(right)
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def desk_new(request: HttpRequest) -> HttpResponse:
        href = reverse(back)
        shown = Drawn(title, button=button or _("登记"), intro=intro, crumbs=((crumb, href),), icon="plus")
        filled = initial(request) | _asked(request, form)
        return answer(request, form, shown, act, href, initial=filled, template=template)

    return desk_new
