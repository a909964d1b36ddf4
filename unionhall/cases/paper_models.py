"""The tables of papers: the texts officers lay down, and the register of what was made from them."""

from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.cases import service as services
from unionhall.cases.department import of_services
from unionhall.kernel.actor import Actor
from unionhall.organisations.accounts import Account
from unionhall.organisations.roles import CASES_OF, holders
from unionhall.people.models import Person
from unionhall.storage.dated import Dated, DatedQuerySet, Placed, PlacedQuerySet, ends_after_it_starts
from unionhall.storage.sealed import SealedField


class PaperText(Dated):
    """The text of a paper from a day until a day, as a department laid it down; without a row the declaration's holds.

    What was made from it keeps its own words, so an earlier version is never needed to print one again.
    """

    id = models.BigAutoField(primary_key=True)
    paper = models.CharField(max_length=40)
    title = models.CharField(max_length=40)
    numbering = models.CharField(max_length=40)
    body = models.TextField()
    by = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper"], condition=Q(until=None), name="paper_text_standing_once"),
            models.UniqueConstraint(fields=["paper", "since"], name="paper_text_day_once"),
            ends_after_it_starts("paper_text_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.since}"


class IssuedPapers(PlacedQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Papers of matters this actor sees; notices about many, of the actor's places and department. To a worker, what was
        made out to them by name and holds.
        """
        cases = self.model._meta.get_field("case").related_model
        of_matters = self.filter(case__in=cases._default_manager.visible_to(actor))
        if actor.person is not None:
            return of_matters.filter(person=actor.person, paper__in=services.handed(), void_at=None)
        found = of_matters
        for role in sorted(holders("cases.see")):
            if paths := actor.paths(role):
                about_many = self.at(*paths).filter(case=None)
                found |= about_many.filter(of_services(CASES_OF[role])) if role in CASES_OF else about_many
        return found


class IssuedPaper(Placed):
    """A paper that was made, with its number. One that is void keeps it.

    `content` is what it says, sealed: {"title", "number", "body", "signed", "on"} as JSON, complete, so that it is printed
    again word by word; `digest` is the keyed digest of that. A notice about many has no `case`; `people`: about how many;
    `person`: whose name it bears, also when somebody else of the matter is asked and told since; `job`: made with others, by
    this job.
    """

    seen_with = "cases.see"
    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="papers")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.CharField(max_length=40)
    paper = models.CharField(max_length=40)
    title = models.CharField(max_length=40)
    text = models.ForeignKey(PaperText, models.PROTECT, null=True, blank=True, related_name="+")
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    people = models.PositiveIntegerField(default=1)
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    content = SealedField()
    digest = models.BinaryField(max_length=32)
    job = models.BigIntegerField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)
    void_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.CharField(max_length=200, blank=True)
    objects = IssuedPapers.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "serial"], name="paper_number_once"),
        ]
        indexes = [models.Index(fields=["case", "-made_at"], name="paper_of_case")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"paper:{self.pk}"
