"""The tables of offers, and which of their rows an actor may see."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q, Sum

from unionhall.kernel.actor import Actor
from unionhall.kernel.period import Period
from unionhall.ledger.models import Fund
from unionhall.offers import contest_models, duty_models, match_models, policy_models, statement_models  # noqa: F401 - tables
from unionhall.offers.goods_models import Allotment
from unionhall.organisations.models import Employer, Rows
from unionhall.people.models import Person
from unionhall.storage.dated import Dated, Imported, Placed
from unionhall.storage.sealed import SealedField

SIGNED, WAITING, OFFERED, ATTENDED, ABSENT = "signed", "waiting", "offered", "attended", "absent"
CANCELLED, EXPIRED, UNDONE = "cancelled", "expired", "undone"

HOLDING = (SIGNED, OFFERED, ATTENDED, ABSENT)
"""States whose places are taken: an offered place is held for its person until the hold runs out."""
REST = "rest"
"""The kind of the share that is everybody else's."""
LIVE = (*HOLDING, WAITING)
"""States in which a person stands at a session; there is one such row for a person and a session."""


class Offers(Rows):
    def open_in(self, period: Period) -> Self:
        """Items open on at least one day of the period."""
        return self.filter(Q(until=None) | Q(until__gt=period.start), since__lt=period.end)


class Offer(Placed, Dated, Imported):
    """One item that is open from a day until a day: a cinema ticket, a class, a pack.

    `most_each` participations a person within `per` (day, month, quarter, year, ever); None: as often as they like.
    `fen_each` is what one redemption without a session costs `fund`; `pays_fen`, what the person pays on the spot. `details` answers the service's own form.
    Of goods there are `units`, which may cost `budget_fen` together.
    """

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    code = models.CharField(max_length=24)
    title = models.CharField(max_length=128)
    provider = models.CharField(max_length=128, blank=True)
    kind = models.CharField(max_length=24, blank=True)
    text = models.TextField(db_default="", blank=True)
    most_each = models.PositiveSmallIntegerField(null=True, blank=True)
    per = models.CharField(max_length=8, db_default="ever", blank=True)
    fen_each = models.BigIntegerField(db_default=0)
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, blank=True, related_name="+")
    pays_fen = models.BigIntegerField(db_default=0)
    units = models.PositiveIntegerField(null=True, blank=True)
    budget_fen = models.BigIntegerField(null=True, blank=True)
    details = models.JSONField(null=True, blank=True)
    objects = Offers.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "code"], name="offer_code_once"),
            models.CheckConstraint(condition=Q(fen_each__gte=0), name="offer_cost_not_negative"),
            models.CheckConstraint(condition=Q(pays_fen__gte=0), name="offer_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title


class OfferCondition(Dated):
    """Whom an item is for, from a day until a day: a condition of the vocabulary (offers.conditions) and its one value."""

    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="conditions")
    condition = models.CharField(max_length=24)
    value = models.CharField(max_length=24, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "condition", "value"], condition=Q(until=None), name="condition_once"
            )
        ]


class Slots(Rows):
    def open_at(self, now: datetime) -> Self:
        """Sessions one may sign up for now, whether places are left or not."""
        return self.filter(Q(opens_at=None) | Q(opens_at__lte=now), closes_at__gt=now, cancelled_at=None)


class Session(Placed, Imported):
    """A slot of an item: when, where, how many places. Instants are UTC; money is fen.

    `places` None: no limit. `taken` counts the places of its participations in `HOLDING` and is moved with them in one
    statement that refuses to pass `places`; the database refuses it, too. `shared`: the places are divided into `Share`s.
    A freed place is held `hold_minutes` for who waited longest; 0 gives it to them at once. `fen_spent` is what the registers
    say a session of the past cost in all; what places cost today is counted place by place.
    """

    seen_with = "offers.see"
    unsealed_columns = ("taken",)
    """Moves with every sign-up, after its audit entry was written; `unionhall verify` counts it again instead."""
    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="sessions")
    number = models.CharField(max_length=24)
    venue = models.CharField(max_length=128, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField()
    cancel_until = models.DateTimeField()
    places = models.PositiveIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    shared = models.BooleanField(default=False)
    queues = models.BooleanField(default=False)
    hold_minutes = models.PositiveIntegerField(default=0)
    most_adults = models.PositiveSmallIntegerField(default=0)
    most_children = models.PositiveSmallIntegerField(default=0)
    fen_each = models.BigIntegerField(default=0)
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, blank=True, related_name="+")
    fen_spent = models.BigIntegerField(db_default=0)
    held_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=200, blank=True)
    objects = Slots.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="session_number_once"),
            models.CheckConstraint(condition=Q(places=None) | Q(taken__lte=F("places")), name="session_not_oversold"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="offer_session_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(fen_each__gte=0), name="session_cost_not_negative"),
        ]
        indexes = [models.Index(fields=["starts_at", "id"], name="session_calendar")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"session:{self.pk}"


class Booth(Placed, Imported):
    """An employer at a fair: a row is one employer at one session, with the posts it offered there."""

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="booths")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+")
    posts = models.PositiveIntegerField(default=0)
    objects = Rows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "employer"], name="booth_once")]

    def __str__(self) -> str:
        return str(self.employer)


class Share(models.Model):
    """Part of a session's places, for one union, one place of the tree, one group, or all others.

    `kind` is union, place, group or rest; `whose`, the union's id, the place's path, or the key of the condition that makes
    the group. The shares of a session add up to its places.
    """

    unsealed_columns = ("taken",)
    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="shares")
    kind = models.CharField(max_length=8)
    whose = models.CharField(max_length=24, blank=True)
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "kind", "whose"], name="share_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="share_not_oversold"),
        ]


class Participations(Rows):
    def uses(self) -> Self:
        """Those that came, among them uses declared void since; not who only signed up, waits or gave the place back."""
        return self.filter(Q(state__in=(ATTENDED, UNDONE)) | Q(state=ABSENT, verified_at__isnull=False))

    def redeemed_by(self, actor: Actor) -> Self:
        """What this account redeemed, among it what was taken back or declared void since; none for who has no account."""
        return self.none() if actor.account is None else self.filter(verifier=actor.account)

    def redeemed_in(self, offer: int, period: Period) -> Self:
        """The uses of an item without a session in a period that stand: what its monthly statement lists."""
        return self.filter(offer=offer, session=None, state=ATTENDED, on__gte=period.start, on__lt=period.end)

    def owed(self) -> tuple[int, int]:
        """What is not paid yet of these: how many, fen."""
        open_ones = self.filter(posting=None, fen__gt=0).aggregate(uses=Count("pk"), fen=Sum("fen"))
        return open_ones["uses"], open_ones["fen"] or 0


class Participation(Placed, Imported):
    """One person at one session, or one use of an item that has none. `path` is the person's place at that time.

    Uses the registers tell of have no session and are `attended`. `on` is the day of the session until the person came,
    then the day they came. `key` is the tap it was signed up by, `used_key` the one it was redeemed by: the same tap again
    finds this row. `employer` is the person's at the time; `posting` the payment that paid for it.
    """

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    on = models.DateField()
    number = models.CharField(max_length=32)
    quantity = models.PositiveIntegerField(default=1)
    verified_by = models.CharField(max_length=12, blank=True)
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="participations")
    share = models.ForeignKey(Share, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    allotment = models.ForeignKey(
        Allotment, models.PROTECT, null=True, blank=True, related_name="signed", db_index=False
    )
    state = models.CharField(max_length=12, db_default=ATTENDED)
    adults = models.PositiveSmallIntegerField(db_default=0)
    children = models.PositiveSmallIntegerField(db_default=0)
    employer = models.BigIntegerField(null=True, blank=True)
    key = models.CharField(max_length=48, db_default="", blank=True)
    used_key = models.CharField(max_length=48, db_default="", blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verifier = models.BigIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    fen = models.BigIntegerField(db_default=0)
    posting = models.BigIntegerField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = SealedField()
    objects = Participations.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="participation_once"),
            models.UniqueConstraint(
                fields=["session", "person"], condition=Q(state__in=LIVE), name="person_once_a_session"
            ),
            models.UniqueConstraint(fields=["person", "key"], condition=~Q(key=""), name="tap_once"),
            models.UniqueConstraint(fields=["person", "used_key"], condition=~Q(used_key=""), name="redeemed_once"),
        ]
        indexes = [
            models.Index(fields=["session", "state", "asked_at", "id"], name="session_roster"),
            models.Index(fields=["allotment"], condition=Q(allotment__isnull=False), name="signed_for"),
            models.Index(fields=["held_until"], condition=Q(state=OFFERED), name="hold_runs_out"),
            models.Index(fields=["verifier", "on"], condition=Q(verifier__isnull=False), name="redeemed_by_day"),
        ]

    @property
    def subject(self) -> str:
        return f"participation:{self.pk}"

    @property
    def needs(self) -> int:
        """How many places it takes: the person's and those of the people they bring."""
        return 1 + self.adults + self.children


class Outcomes(Rows):
    def visible_to(self, actor: Actor) -> Self:
        """As everywhere; to a worker, what came of their own taking part."""
        if actor.person is not None:
            return self.filter(participation__person=actor.person)
        return Rows.visible_to(self, actor)


class Outcome(Placed, Imported):
    """What came of a participation, as its service declares it: a score, a certificate, an intent, a placement, a follow-up.

    `kind` is the declared result and the act of its journal line; `choice` one of its words (a round, a channel), `amount`
    its number (points and yuan in hundredths), `employer` where it led to, `proof` the paper it rests on. `path` is the
    participation's. `number` is the register's own.
    """

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    kind = models.CharField(max_length=24)
    number = models.CharField(max_length=32)
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="outcomes")
    on = models.DateField()
    choice = models.CharField(max_length=24, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    proof = models.CharField(max_length=64, blank=True)
    objects = Outcomes.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "kind", "number"], name="outcome_once")]
        indexes = [models.Index(fields=["proof"], condition=~Q(proof=""), name="outcome_proof")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"outcome:{self.pk}"


class Notes(models.QuerySet["Note"]):
    def visible_to(self, actor: Actor) -> Self:
        """What this very account wrote. Nobody else's post, however high, reads a note."""
        return self.none() if actor.account is None else self.filter(account=actor.account)


class Note(models.Model):
    """What a counsellor keeps of a participation: sealed, and for the eyes of the account that wrote it alone."""

    id = models.BigAutoField(primary_key=True)
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="notes")
    account = models.BigIntegerField()
    at = models.DateTimeField()
    text = SealedField()
    objects = Notes.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "account"], name="note_once")]


class Counters(Rows):
    def of(self, actor: Actor) -> Self:
        """The counters this account stands at; none for who has no account."""
        return self.none() if actor.account is None else self.filter(account=actor.account)


class Counter(Placed, Dated):
    """A merchant's account that may redeem an item at a venue, from a day until a day."""

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="counters")
    account = models.BigIntegerField()
    venue = models.CharField(max_length=128, blank=True)
    objects = Counters.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "account"], condition=Q(until=None), name="counter_once"),
        ]
        indexes = [models.Index(fields=["account"], name="counter_account")]


class ShownCode(models.Model):
    """The eight digits an e-card shows just now. Only codes that are being shown can be guessed, and for two minutes."""

    id = models.BigAutoField(primary_key=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    code = models.CharField(max_length=8, unique=True)
    until = models.DateTimeField()


def everything() -> tuple[type[models.Model], ...]:
    order: tuple[Any, ...] = (policy_models.Policy, Outcome, Booth, Participation, Session, Offer)
    return order
