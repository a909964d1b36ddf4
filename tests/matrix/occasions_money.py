"""Occasions of money: promised at one's places only; and pages of funds and books for who sees them, but does not keep them."""

from collections.abc import Iterator

from django.urls import reverse

from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.occasions_actions import FAR, NEAR, ON
from tests.matrix.occasions_pages import reader_of, shown, text_of
from tests.matrix.scene import Scene
from tests.world import FOUNDED
from unionhall.cases.models import Case
from unionhall.kernel.actor import SYSTEM
from unionhall.ledger import commitment_moves
from unionhall.ledger.models import Commitment, Posting
from unionhall.organisations.actions import PostRow, give_post


@occasion
def money_is_promised_at_ones_places_only(scene: Scene) -> Iterator[str]:
    me, fund = by(scene, ("aid", "own")), scene.keys["fund", "own"]

    def promise(scope: str) -> int:
        return commitment_moves.reserve(
            f"c:{scope}", fund, 5, subject="case:1", service="aid.medical", on=ON, path=scene.paths[scope], by=me
        )

    for scope in NEAR:
        yield let_in(f"a promise at {scope}", lambda scope=scope: promise(scope))
    for scope in FAR:
        yield kept_out(f"a promise at {scope}", lambda scope=scope: promise(scope))
    for scope in (*NEAR, *FAR):
        commitment_moves.reserve(
            f"d:{scope}", fund, 5, subject="case:1", service="aid.medical", on=ON, path=scene.paths[scope], by=SYSTEM
        )

        def release(scope: str = scope) -> Commitment | None:
            return commitment_moves.release(f"d:{scope}", on=ON, because="dropped", by=me)

        yield (let_in if scope in NEAR else kept_out)(f"a promise let go at {scope}", release)


@occasion
def who_sees_the_money_above_keeps_it_only_below(scene: Scene) -> Iterator[str]:
    """Who reads the whole district's money and keeps a street's gets no form for a fund or a closing elsewhere."""
    account = scene.accounts["finance"]
    give_post(PostRow(account.pk, "audit", scene.here.root, FOUNDED), by=SYSTEM)
    reader = reader_of(account)
    for page, kind in (("desk-fund-budget", "fund"), ("desk-closing-ask", "closing")):
        for scope in (*NEAR, *FAR):
            status = reader.get(reverse(page, args=[scene.keys[kind, scope]])).status_code
            if (status == 200) != (scope in NEAR):
                yield f"{page} at {scope} answers {status}"


@occasion
def a_receipt_names_who_was_paid_to_who_sees_the_matter(scene: Scene) -> Iterator[str]:
    """Finance sees every payment of its places, and the matters of some services only: of the others the number alone."""
    entry, reader = scene.keys["entry", "own"], reader_of(scene.accounts["finance"])
    for kind, sees in (("aid", True), ("dispute", False)):
        case = Case.objects.select_related("person").get(pk=scene.keys[kind, "own"])
        Posting.objects.filter(entries=entry).update(cause=f"{case.service}:{case.number}:trial")
        said = f'<td class="num">{case.person.masked if case.person else ""}</td>'
        yield shown(f"who was paid for {kind}", text_of(reader, "desk-receipt", entry), said, sees)
