"""In and out: plain for now, a name and a password. Who signed in acts with the posts held today."""

import json
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.utils.translation import gettext_lazy as _

DEMO_ACCOUNTS = "demo_accounts.json"
"""Under settings.HOME: [{"username", "password", "title"}], written by whoever made a demonstration."""


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("用户名或密码不对。请核对后再试，注意大小写。"),
        "inactive": _("这个账号已停用。请联系本单位的系统管理员。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = (("username", _("用户名"), _("请填写用户名。")), ("password", _("密码"), _("请填写密码。")))
        for name, label, missing in named:
            field = self.fields[name]
            field.label = label
            field.error_messages["required"] = missing
            field.widget.attrs["class"] = "form-control"
            field.widget.attrs.pop("autofocus", None)
        if self.is_bound:
            for name in self.fields if self.non_field_errors() else self.errors:
                self.fields[name].widget.attrs["class"] = "form-control is-invalid"


class SignIn(LoginView):
    template_name = "web/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demo_accounts=demo_accounts(), **kwargs)


class SignOut(LogoutView):
    """By POST only: a link or an image elsewhere signs nobody out."""


def demo_accounts() -> list[dict[str, str]]:
    """The accounts of a demonstration, to be shown on its sign-in page; none anywhere else."""
    file = settings.HOME / DEMO_ACCOUNTS
    if not settings.DEMO or not file.exists():
        return []
    return cast(list[dict[str, str]], json.loads(file.read_text("utf-8")))
