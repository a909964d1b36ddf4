"""Who may sign in, and the posts they hold."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from unionhall.kernel.actor import Actor, Post
from unionhall.storage.dated import Dated, DatedQuerySet, Imported, Placed, ends_after_it_starts


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **rest: Any) -> "Account":
        account = self.model(username=username, **rest)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One way in: a name to sign in with. It carries no right by itself; the posts held today do."""

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


class PostHeld(Placed, Dated, Imported):
    """An account holds a role at a place from a day until a day."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32)
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [ends_after_it_starts("post_ends_after_it_starts")]
        indexes = [models.Index(fields=["account", "since"], name="post_account")]
