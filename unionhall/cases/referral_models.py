"""The table of referrals: what of a matter was shown to whom outside its own posts, and until when."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.cases.clock_models import OfCases
from unionhall.kernel.actor import Actor
from unionhall.organisations.accounts import Account
from unionhall.storage.dated import Placed
from unionhall.storage.sealed import SealedField


class Referrals(OfCases):
    def open_on(self, day: date) -> Self:
        """Those that may be read on a day: not withdrawn, not run out."""
        return self.filter(withdrawn_at=None, expires_on__gte=day)

    def given_to(self, actor: Actor) -> Self:
        """Those given to this account, or to a post it holds at the very place of that post."""
        if actor.account is None or actor.person is not None:
            return self.none()
        where = Q(to_account=actor.account)
        for post in actor.posts:
            where |= Q(to_role=post.role, to_path=post.path)
        return self.filter(where)


class Referral(Placed):
    """Some of what a matter says is given to one account, or to a post at one place, until a day. `fields` are the keys of
    what was chosen, and nothing else of the matter is shown; `asked` is what the sender asks of them.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="referrals")
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    to_account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    to_role = models.CharField(max_length=24, blank=True)
    to_path = models.CharField(max_length=24, blank=True)
    fields = models.JSONField(default=list)
    asked = SealedField()
    expires_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    objects = Referrals.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_account__isnull=False, to_role="", to_path="")
                | (Q(to_account=None) & ~Q(to_role="") & ~Q(to_path="")),
                name="referral_to_one",
            ),
        ]
        indexes = [models.Index(fields=["to_account", "expires_on"], name="referral_account")]
