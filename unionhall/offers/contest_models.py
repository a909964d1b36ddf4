"""The tables of a contest: its rounds, its judges, and what each judge gave whom."""

from django.db import models
from django.db.models import Q

from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Rows
from unionhall.people.models import Person
from unionhall.storage.dated import Placed

DECLARED = "declared"
"""Why a judge does not judge somebody: they said so themselves."""


class Round(Placed):
    """One round of a contest, held at a session. `key` is a choice of the service's score, `position` its turn.

    `top` is the most a judge may give, in hundredths; `weight` its part of the final mark, in percent (0: it only decides who
    goes on); `advance` how many go on to the next. Closed, its sheets are locked and its marks are written.
    """

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey("offers.Session", models.PROTECT, related_name="rounds")
    key = models.CharField(max_length=24)
    position = models.PositiveSmallIntegerField()
    top = models.PositiveIntegerField()
    weight = models.PositiveSmallIntegerField()
    advance = models.PositiveIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "key"], name="round_once"),
            models.UniqueConstraint(fields=["session", "position"], name="round_in_turn"),
            models.CheckConstraint(condition=Q(top__gt=0, weight__lte=100), name="round_of_sense"),
        ]

    @property
    def subject(self) -> str:
        return f"session:{self.session_id}"


class Judges(Rows):
    def of(self, actor: Actor) -> "Judges":
        """Where this account judges; nowhere for who has no account."""
        return self.none() if actor.account is None else self.filter(account=actor.account)


class Judge(Placed):
    """An account that judges a contest. `person` is who they are among the members, where they are one: their employer's
    entrants are found from there.
    """

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey("offers.Session", models.PROTECT, related_name="judges")
    account = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    objects = Judges.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "account"], name="judge_once")]
        indexes = [models.Index(fields=["account"], name="judge_account")]


class Sheet(models.Model):
    """What a judge gave an entrant in a round, in hundredths; or why they gave nothing."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="sheets")
    judge = models.ForeignKey(Judge, models.PROTECT, related_name="sheets")
    participation = models.ForeignKey("offers.Participation", models.PROTECT, related_name="+")
    points = models.PositiveIntegerField(null=True, blank=True)
    recused = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "judge", "participation"], name="sheet_once"),
            models.CheckConstraint(
                condition=Q(points=None, recused__gt="") | Q(points__isnull=False, recused=""), name="sheet_says_one"
            ),
        ]
