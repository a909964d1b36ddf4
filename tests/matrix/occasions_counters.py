"""Occasions of counters and statements: what hangs on an item of one's own, and lies elsewhere."""

from collections.abc import Iterator
from datetime import UTC, datetime

from tests.matrix.occasions import occasion
from tests.matrix.occasions_actions import FAR, NEAR
from tests.matrix.occasions_pages import SECRET, reader_of, shown, text_of
from tests.matrix.scene import Scene
from unionhall.offers.models import Counter
from unionhall.offers.statement_models import RETURNED, Statement


@occasion
def counters_elsewhere_of_ones_own_offer(scene: Scene) -> Iterator[str]:
    offer, reader = scene.keys["offer", "own"], reader_of(scene.accounts["station_worker"])
    for scope in (*NEAR, *FAR):
        counter = Counter.objects.filter(pk=scene.keys["counter", scope])
        counter.update(offer=offer, venue=f"{SECRET}{scope}")
    text = text_of(reader, "desk-offer-counters", offer)
    for scope in (*NEAR, *FAR):
        yield shown(f"the counter of {scope}", text, f"{SECRET}{scope}", scope in NEAR)
        ending = text_of(reader, "desk-counter-end", scene.keys["counter", scope])
        yield shown(f"the end of the counter of {scope}", ending, f"{SECRET}{scope}", scope in NEAR)


@occasion
def who_may_be_given_a_duty_is_of_near_by(scene: Scene) -> Iterator[str]:
    """The names an officer chooses from: colleagues and lawyers at or above their places, or below; nobody's beside."""
    text = text_of(reader_of(scene.accounts["station_worker"]), "desk-duty-add")
    for scope in (*NEAR, *FAR):
        yield shown(f"the colleague of {scope}", text, scene.names["account", scope], scope in NEAR)


@occasion
def statements_listed_are_of_ones_own_items(scene: Scene) -> Iterator[str]:
    text = text_of(reader_of(scene.accounts["station_worker"]), "desk-statements", query="?all=1")
    for scope in (*NEAR, *FAR):
        yield shown(f"the statement of {scope}", text, f"{scope}柜台", scope in NEAR)


@occasion
def statements_returned_to_somebody_who_left(scene: Scene) -> Iterator[str]:
    """Of an item that is not theirs any more nothing waits for them."""
    account, at = scene.accounts["station_worker"], datetime(2015, 10, 1, tzinfo=UTC)
    for scope, waits in ((FAR[0], False), (NEAR[0], True)):
        Statement.objects.create(
            offer_id=scene.keys["redeemable", scope], path=scene.paths[scope], month=at.date().replace(month=9), state=RETURNED,
            uses=1, fen=1_000, put_by=account.pk, put_at=at, because="x",
        )  # fmt: skip
        yield shown(f"what was returned at {scope}", text_of(reader_of(account), "desk"), "对账单被退回", waits)
