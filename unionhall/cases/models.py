"""The tables of cases, and which of their rows an actor may see."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from unionhall.cases import aid_models, drive_models, station_models  # noqa: F401 - their tables
from unionhall.cases.answer_models import AnswerText
from unionhall.cases.clock_models import Deadline
from unionhall.cases.department import of_services
from unionhall.cases.paper_models import IssuedPaper, PaperText
from unionhall.cases.party_models import Party
from unionhall.cases.referral_models import Referral
from unionhall.kernel.actor import Actor
from unionhall.organisations.accounts import Account
from unionhall.organisations.models import Employer, Rows, Station
from unionhall.organisations.roles import CASES_OF, LAWYER, holders
from unionhall.people.models import Person
from unionhall.storage.dated import Imported, Placed
from unionhall.storage.sealed import SealedField

__all__ = ["AnswerText", "Case", "Cases", "IssuedPaper", "PaperText", "Party", "Referral", "everything"]


class Cases(Rows):
    def visible_to(self, actor: Actor) -> Self:
        """Matters within the actor's places, of the services of the actor's own department; to a worker, their own; to a
        lawyer, those given to them by name.
        """
        if actor.person is not None:
            return self.filter(_of_person(actor.person) | Q(beneficiary=actor.person))
        sees = holders(self.model.seen_with)
        whole = sees - set(CASES_OF)
        seen = self.at(*actor.paths(*whole))
        for role in sorted(sees & set(CASES_OF)):
            seen |= self.at(*actor.paths(role)).filter(of_services(CASES_OF[role]))
        if actor.account is not None and actor.holds(LAWYER):
            seen |= self.at(*actor.paths(LAWYER)).filter(lawyer=actor.account)
        return seen

    def of(self, person: int) -> Self:
        """Matters a worker brought themself or claims in beside others."""
        return self.filter(_of_person(person))

    def of_chain(self, root: int) -> Self:
        """Every matter of one dispute: the first, and those it was turned into; what was merged away is none."""
        return self.filter(Q(pk=root) | Q(chain=root)).filter(merged_into=None)


def _of_person(person: int) -> Q:
    """Matters somebody brought, or is one of the applicants of."""
    return Q(person=person) | Q(pk__in=Party.objects.applicants().filter(person=person).order_by().values("case"))


class Case(Placed, Imported):
    """One matter. `state` moves only by its service's workflow; amounts are fen and null until known.

    `level` is who answers for it now: the station it was brought to, the street, the district's department; `lawyer`, the
    account of who represents its worker. `due_on` is the first day by which one of its clocks must be met, `waiting_since` the
    day it was given back for papers. `event_on`: of a claim, the day on which what was insured against happened; its `cause` is
    then the plan's code. `station`: of a matter of a service station itself, which one.
    """

    seen_with = "cases.see"
    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=16)
    result = models.CharField(max_length=16, blank=True)
    cause = models.CharField(max_length=24, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="cases")
    beneficiary = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="cases")
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="+")
    headcount = models.PositiveIntegerField(default=1)
    opened_on = models.DateField()
    accepted_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    event_on = models.DateField(null=True, blank=True)
    fen_claimed = models.BigIntegerField(null=True, blank=True)
    fen_agreed = models.BigIntegerField(null=True, blank=True)
    fen_paid = models.BigIntegerField(null=True, blank=True)
    level = models.CharField(max_length=8, default="station", db_default="station")
    handler = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    lawyer = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    waiting_since = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    chain = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="linked")
    details = models.JSONField(default=dict)
    sealed_details = SealedField()
    objects = Cases.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=(Q(fen_claimed=None) | Q(fen_claimed__gte=0))
                & (Q(fen_agreed=None) | Q(fen_agreed__gte=0))
                & (Q(fen_paid=None) | Q(fen_paid__gte=0)),
                name="case_money_not_negative",
            ),
            models.UniqueConstraint(
                fields=["service", "cause", "person", "event_on"],
                condition=Q(event_on__isnull=False, state__in=("approved", "paid")),
                name="event_paid_once_a_plan",
            ),
        ]
        indexes = [
            models.Index(fields=["service", "path", "state"], name="case_queue"),
            # All that an inbox asks of an open matter, so that thousands are counted and put in order without being read.
            models.Index(
                fields=[
                    "path",
                    "due_on",
                    "opened_on",
                    "service",
                    "state",
                    "level",
                    "handler",
                    "waiting_since",
                    "closed_on",
                    "id",
                ],
                condition=Q(closed_on=None),
                name="case_inbox",
            ),
            models.Index(fields=["lawyer"], condition=Q(lawyer__isnull=False), name="case_lawyer"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def root(self) -> int:
        """The first matter of its chain, perhaps itself."""
        return self.chain_id or self.pk

    @property
    def subject(self) -> str:
        """How journal lines and postings name this matter."""
        return f"case:{self.pk}"


def everything() -> tuple[type[models.Model], ...]:
    order: tuple[Any, ...] = (Deadline, Case)
    return order
