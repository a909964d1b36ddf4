"""The tables of a matter's people: who is party to it, for how much, and where else the same dispute was taken."""

from django.db import models
from django.db.models import Q

from unionhall.cases.clock_models import OfCases
from unionhall.organisations.models import Employer
from unionhall.people.models import Person
from unionhall.storage.dated import Dated, Placed, ends_after_it_starts

APPLICANT, RESPONDENT, THIRD = "applicant", "respondent", "third"
LEFT, STRUCK = "left", "struck"
"""Why somebody is a party no more: they left the matter, or had been written down by mistake."""


class Parties(OfCases):
    def standing(self) -> "Parties":
        return self.filter(until=None)

    def applicants(self) -> "Parties":
        """Those who claim, in the order they came."""
        return self.standing().filter(role=APPLICANT).order_by("pk")


class Party(Placed, Dated):
    """Somebody is party to a matter from a day on: a person, somebody by name who is not in the roster, or an employer.

    Amounts are fen and null until known: what this one claims, was promised, was paid. Who is out again keeps their row.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, default=APPLICANT)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=64, blank=True)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    fen_claimed = models.BigIntegerField(null=True, blank=True)
    fen_agreed = models.BigIntegerField(null=True, blank=True)
    fen_paid = models.BigIntegerField(null=True, blank=True)
    representative = models.BooleanField(default=False)
    out_because = models.CharField(max_length=8, blank=True)
    objects = Parties.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(until=None, person__isnull=False), name="party_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name="") | Q(employer__isnull=False), name="party_is_somebody"
            ),
            models.CheckConstraint(
                condition=(Q(fen_claimed=None) | Q(fen_claimed__gte=0))
                & (Q(fen_agreed=None) | Q(fen_agreed__gte=0))
                & (Q(fen_paid=None) | Q(fen_paid__gte=0)),
                name="party_money_not_negative",
            ),
            ends_after_it_starts("party_out_after_in"),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(person__isnull=False), name="party_person")]


class Outside(Placed):
    """The dispute was taken to a body that is not the union's, or came from one: its number there, and what came of it.

    `fen` is all the workers get in this dispute by that result, with what they had been paid before.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="outside")
    came_in = models.BooleanField(default=False)
    kind = models.CharField(max_length=16)
    body = models.CharField(max_length=80)
    number = models.CharField(max_length=40, blank=True)
    on = models.DateField()
    result = models.CharField(max_length=16, blank=True)
    result_on = models.DateField(null=True, blank=True)
    fen = models.BigIntegerField(null=True, blank=True)
    objects = OfCases.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", result_on=None, fen=None) | (~Q(result="") & Q(result_on__isnull=False)),
                name="outside_result_whole",
            ),
            models.CheckConstraint(condition=Q(fen=None) | Q(fen__gte=0), name="outside_fen_not_negative"),
        ]
