"""Who may sign in, and the posts they hold."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q

from unionhall.kernel.actor import Actor, Post
from unionhall.kernel.paths import STEP, above
from unionhall.organisations.roles import holders
from unionhall.storage.dated import Dated, DatedQuerySet, Imported, Placed, PlacedQuerySet, ends_after_it_starts


class AccountManager(BaseUserManager["Account"]):
    def visible_to(self, actor: Actor) -> "models.QuerySet[Account]":
        """Officers' accounts: all, to who sees accounts at the district; those with a post there, to who does at a place.

        A worker's own way in is no officer's account.
        """
        paths = actor.paths(*holders("accounts.see"))
        officers = self.filter(worker=None)
        if any(len(path) <= STEP for path in paths):
            return officers
        return officers.filter(Exists(PostHeld.objects.at(*paths).filter(account=OuterRef("pk"))))

    def create_user(self, username: str, password: str | None = None, **rest: Any) -> "Account":
        account = self.model(username=username, **rest)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One way in: a name to sign in with. It carries no right by itself; the posts held today do."""

    unsealed_columns = ("last_login",)
    """Not vouched for by the audit chain: changed by signing in, not by an action."""

    id = models.BigAutoField(primary_key=True)
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = AccountManager()

    def __str__(self) -> str:
        return self.name

    def actor(self, today: date) -> Actor:
        """This account as an actor, with the posts it holds today."""
        held = PostHeld.objects.filter(account=self).on(today).values_list("role", "path")
        return Actor(self.pk, self.name, tuple(Post(role, path) for role, path in held))


class PostsAsked(PlacedQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those at or below the places where the actor decides on them, or sees the accounts; and one's own."""
        return self.at(*actor.paths(*holders("posts.approve"), *holders("accounts.see"))) | self.filter(
            asked_by=actor.account
        )


class PostAsked(Placed):
    """A post over the whole district, or over the machine, that one officer asked for an account and another decides on."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="posts_asked")
    role = models.CharField(max_length=32)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=100)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="asked")
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_because = models.CharField(max_length=100, blank=True)
    objects = PostsAsked.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "path"], name="post_asked_state")]


class PostsHeld(DatedQuerySet):
    def over(self, path: str, roles: Iterable[str], day: date) -> Self:
        """Posts of these roles that stand at or above a place on a day, of accounts that may sign in."""
        return self._of(roles, day).filter(path__in=["", *above(path), path])

    def around(self, path: str, roles: Iterable[str], day: date) -> Self:
        """The same, of those at the place, above or below it."""
        return self._of(roles, day).filter(Q(path__startswith=path) | Q(path__in=above(path)))

    def _of(self, roles: Iterable[str], day: date) -> Self:
        return self.on(day).filter(role__in=list(roles), account__is_active=True)


class PostHeld(Placed, Dated, Imported):
    """An account holds a role at a place from a day until a day."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32)
    objects = PostsHeld.as_manager()

    class Meta:
        constraints = [ends_after_it_starts("post_ends_after_it_starts")]
        indexes = [models.Index(fields=["account", "since"], name="post_account")]
