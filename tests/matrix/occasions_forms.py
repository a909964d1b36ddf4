"""Occasions of forms: what is named in them of elsewhere, and rows one sees where one may change none."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse

from tests import world
from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.occasions_actions import FAR, NEAR, ON
from tests.matrix.occasions_pages import reader_of, shown, text_of
from tests.matrix.policy import PAGES, RIGHTS
from tests.matrix.scene import SCOPES, Scene
from tests.matrix.trial import routes
from unionhall.kernel.errors import NotYours
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.models import Employer, Place, Union
from unionhall.web.desk import choosing, pickers, picking, place_forms, places
from unionhall.web.desk.cards import ASK

# --- what a form takes and offers -------------------------------------------------------------------------------------


@occasion
def a_form_knows_employers_members_and_unions_of_ones_own(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    field = pickers.EmployersField()
    field.offer(me)
    for scope in (*NEAR, *FAR):
        near = scope in NEAR
        uscc = Employer.objects.values_list("uscc", flat=True).get(pk=scene.keys["employer", scope])
        mobile = world.a_mobile(77000 + SCOPES.index(scope))
        assert mobile in scene.secrets
        taken: tuple[tuple[str, Callable[[], Any]], ...] = (
            (f"employer {scope}", lambda uscc=uscc: choosing.chosen_employers(uscc, me)),
            (f"member {scope}", lambda mobile=mobile: choosing.one_member(mobile, me)),
        )
        for what, call in taken:
            yield let_in(what, call) if near else kept_out(what, call, says="您的岗位范围内")
        try:
            known = bool(field.clean(uscc))
        except ValidationError:
            known = False
        yield "" if known == near else f"employers' field, {scope}: {known}"
        union = Union.objects.filter(pk=scene.keys["union", scope])
        for rows in (pickers.UnionField.rows(me), picking.UnionField.rows(me)):
            yield "" if rows.filter(pk__in=union).exists() == near else f"union's field, {scope}"
        rows = picking.EmployerField.rows(me)
        yield "" if rows.filter(uscc=uscc).exists() == near else f"employer's field, {scope}"


@occasion
def an_agreement_is_recorded_for_a_union_one_sees(scene: Scene) -> Iterator[str]:
    from_page = reader_of(scene.accounts["station_worker"])
    uscc = Employer.objects.values_list("uscc", flat=True).get(pk=scene.keys["employer", "own"])
    for scope in (*NEAR, *FAR):
        code = Union.objects.values_list("code", flat=True).get(pk=scene.keys["union", scope])
        sent = {
            "service": "agreement.wage", "number": "N1", "title": "x", "union": code, "level": "area", "employers": uscc,
            "signed_on": ON, "since": ON, "until": "2016-09-01", "workers": 1, "filing_no": "",
        }  # fmt: skip
        answer = from_page.post(reverse("desk-agreement-add"), sent)
        told = "没有这个编号的工会" in answer.content.decode()
        yield (
            ""
            if answer.status_code in (422, 302) and told != (scope in NEAR)
            else f"{scope}: {answer.status_code} {told}"
        )


@occasion
def an_item_is_for_members_of_a_union_one_sees(scene: Scene) -> Iterator[str]:
    from_page = reader_of(scene.accounts["station_worker"])
    address = reverse("desk-offer-whom", args=[scene.keys["offer", "own"]])
    for scope in (*NEAR, *FAR):
        code = Union.objects.values_list("code", flat=True).get(pk=scene.keys["union", scope])
        answer = from_page.post(address, {"conditions": ["union"], "union": code})
        wanted = 302 if scope in NEAR else 422
        yield "" if answer.status_code == wanted else f"{scope}: {answer.status_code} instead of {wanted}"


@occasion
def a_matter_is_opened_at_places_one_works_at(scene: Scene) -> Iterator[str]:
    text = text_of(reader_of(scene.accounts["station_worker"]), "desk-case-open", "mediation")
    for scope in (*NEAR, *FAR):
        yield shown(f"the place {scope}", text, f'value="{scene.paths[scope]}"', scope in NEAR)


@occasion
def places_are_shown_and_chosen_within_ones_own(scene: Scene) -> Iterator[str]:
    me, reader = by(scene, ("organisation", "own")), reader_of(scene.accounts["organisation"])
    keys = {scope: scene.keys["place", scope] for scope in SCOPES}

    def way(scope: str) -> str:
        return f'"{reverse("desk-place", args=[keys[scope]])}"'

    listed = text_of(reader, "desk-places", query="?reset=1")
    for scope in (*NEAR, *FAR):
        yield shown(f"{scope} in the list", listed, reverse("desk-place", args=[keys[scope]]), scope in NEAR)
        came = True
        try:
            places._asked(me, scene.paths[scope])
        except Http404:
            came = False
        yield "" if came == (scope in NEAR) else f"the tree at {scope}: {came}"
        request: Any = type("Request", (), {"POST": {"into": scene.paths[scope], "on": "2015-09-01"}, "actor": me})()
        row = place_forms.find(by(scene, ("organisation", "parent")), keys["child"])
        if scope in FAR:
            yield "" if "into" not in place_forms._previewed(request, row) else f"the preview of {scope}"
            try:
                place_forms._became(row, me, {"into": scene.paths[scope], "on": ON, "reason": "x"})
                came_to = "done"
            except Place.DoesNotExist:
                came_to = ""
            except NotYours:
                came_to = "refused by the action only"
            yield f"into {scope}: {came_to}" if came_to else ""
    for page, args, query in (("desk-place", [keys["child"]], ""), ("desk-tree", [], f"?at={scene.paths['child']}")):
        text = text_of(reader, page, *args, query=query)
        above = f'?at={scene.paths["parent"]}"' if page == "desk-tree" else way("parent")
        yield shown(f"the place above on {page}", text, above, False)


@occasion
def the_keeper_of_the_machine_sees_no_counts_in_the_tree(scene: Scene) -> Iterator[str]:
    for visitor, wanted in (("system_admin^", False), ("organisation^", True)):
        answer = reader_of(scene.accounts[visitor]).get(reverse("desk-tree"))
        yield "" if bool(answer.context["counted"]) == wanted else f"counts to {visitor}: {not wanted}"


@occasion
def a_list_is_taken_out_and_worked_on_by_who_has_its_right(scene: Scene) -> Iterator[str]:
    for visitor, wanted in (("finance", 403), ("organisation", 302)):
        status = reader_of(scene.accounts[visitor]).get(reverse("desk-members-export")).status_code
        yield "" if status == wanted else f"the list of members to {visitor}: {status}"
    for visitor, wanted in (("union_officer", 404), ("station_worker", 200)):
        sent = {"do": ASK.key, "query": "", "all": "1"}
        status = reader_of(scene.accounts[visitor]).post(reverse("desk-members-bulk"), sent).status_code
        yield "" if status == wanted else f"cards asked for many, by {visitor}: {status}"


@occasion
def a_sealed_number_is_offered_to_who_may_open_it(scene: Scene) -> Iterator[str]:
    for visitor, wanted in (("leader", False), ("organisation", True)):
        text = text_of(reader_of(scene.accounts[visitor]), "desk-member", scene.keys["membership", "own"])
        yield shown(f"the way to the number to {visitor}", text, "/desk/reveal/", wanted)


# --- a right at one place, sight of another ---------------------------------------------------------------------------


def _one_who_sees_elsewhere(scene: Scene, role: str) -> Client:
    """Changes at one's own place, and only sees at the sibling's and elsewhere, as its leader."""
    account = scene.accounts["nobody"]
    PostHeld.objects.create(account=account, role=role, path=scene.paths["own"], since="2010-01-01")
    for scope in FAR:
        PostHeld.objects.create(account=account, role="leader", path=scene.paths[scope], since="2010-01-01")
    return reader_of(account)


ROUTES = routes()
CHANGES = {
    name: page for name, page in PAGES.items()
    if page.opens.endswith(".change") and " " not in page.opens and page.of and not page.top and not page.hollow
    and page.of != "post" and not page.of.startswith("run_") and name not in ("desk-offer-use", "desk-offer-find")
}  # fmt: skip
"""Pages that change a row. An offer is used below the place that opened it, so its use changes nothing of that place."""


def _change_elsewhere(name: str) -> Callable[[Scene], Iterator[str]]:
    def told(scene: Scene) -> Iterator[str]:
        right = CHANGES[name].opens
        role = next(
            one
            for one in ("station_worker", "street", "finance", "organisation", "labour", "aid")
            if one in RIGHTS[right]
        )
        client = _one_who_sees_elsewhere(scene, role)
        for kind in CHANGES[name].of.split():
            for scope in ("own", *FAR):
                arguments = {
                    key: CHANGES[name].at.get(key, scene.keys.get((kind, scope), 0))
                    for key in ROUTES[name].pattern.converters
                }
                status = client.get(reverse(name, kwargs=arguments)).status_code
                good = status != 404 if scope == "own" else status in (404, 405)
                yield "" if good else f"{kind} {scope}: {status}"

    told.__name__ = f"{name} where one only sees"
    return told


for _name in CHANGES:
    occasion(_change_elsewhere(_name))
