"""The table of mutual insurance: one person under one plan, from a day until a day."""

from django.db import models
from django.db.models import Q

from unionhall.organisations.models import Employer, Rows
from unionhall.people.models import Person
from unionhall.storage.dated import Dated, Imported, Placed, ends_after_it_starts

PAYERS = {"union": "工会", "employer": "单位", "worker": "本人"}
"""Who pays the premium: key -> Chinese title."""


class Policy(Placed, Dated, Imported):
    """One person insured under one plan of one year (an item of `insurance.plans`). One person may be under several plans.

    `number` is the enrolment list's own; `path` the person's place when they were enrolled.
    """

    seen_with = "offers.see"
    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey("offers.Offer", models.PROTECT, related_name="policies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="policies")
    number = models.CharField(max_length=32)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    payer = models.CharField(max_length=8)
    fen = models.BigIntegerField()
    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="policy_once"),
            models.UniqueConstraint(fields=["offer", "person"], name="insured_once_a_plan"),
            models.CheckConstraint(condition=Q(fen__gte=0), name="premium_not_negative"),
            ends_after_it_starts("policy_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.number
