"""The forms at the door."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unionhall.access.passwords import LONGEST


class DoorForm(forms.Form):
    """Fields as the pages at the door show them; after an error, marked, and described by what is wrong."""

    together: Sequence[str] = ()
    """Fields that are wrong when the form as a whole is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(label_suffix="", *args, **kwargs)  # noqa: B026
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "form-control")

    def mark(self) -> "DoorForm":
        """For showing again, once all that is wrong is known."""
        wrong = set(self.errors) | (set(self.together) if self.non_field_errors() else set())
        for name in wrong & set(self.fields):
            attributes = self.fields[name].widget.attrs
            attributes["class"] = "form-control is-invalid"
            attributes["aria-invalid"] = "true"
            attributes["aria-describedby"] = f"{self[name].id_for_label}_error" if name in self.errors else "wrong"
        return self


def _text(label: Any, missing: Any, **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", **attributes})
    return forms.CharField(label=label, widget=widget, max_length=64, error_messages={"required": missing})


def _password(label: Any, missing: Any, complete: str, longest: int = 256) -> forms.CharField:
    """A password is taken as typed, spaces and all."""
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    told = {"required": missing}
    return forms.CharField(label=label, widget=widget, strip=False, max_length=longest, error_messages=told)


class SignInForm(DoorForm):
    together = ("username", "password")
    username = _text(_("用户名"), _("请填写用户名。"), autocomplete="username")
    password = _password(_("密码"), _("请填写密码。"), "current-password")


class AgainForm(DoorForm):
    together = ("password",)
    password = _password(_("密码"), _("请填写密码。"), "current-password")


class CodeForm(DoorForm):
    """Six digits, of a device or a message."""

    together = ("code",)
    code = _text(_("6 位验证码"), _("请填写验证码。"), autocomplete="one-time-code", inputmode="numeric")


class RecoveryForm(DoorForm):
    together = ("code",)
    code = _text(_("恢复码"), _("请填写恢复码。"), autocomplete="off")


class NewPasswordForm(DoorForm):
    together = ("password",)
    password = _password(_("新密码"), _("请填写新密码。"), "new-password", LONGEST)
    repeated = _password(_("再填一遍新密码"), _("请再填一遍新密码。"), "new-password", LONGEST)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given.get("repeated") and given["password"] != given["repeated"]:
            self.add_error("repeated", _("两次填的密码不一样，请重新填写。"))
        return given


class ChangePasswordForm(NewPasswordForm):
    old = _password(_("现在的密码"), _("请填写现在的密码。"), "current-password")
    field_order = ("old", "password", "repeated")


class KeptForm(forms.Form):
    kept = forms.BooleanField(
        label=_("我已打印或抄下这些恢复码"),
        error_messages={"required": _("请先把恢复码打印或抄下来，再打勾。")},
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class MobileForm(DoorForm):
    mobile = _text(_("手机号"), _("请填写手机号。"), autocomplete="tel-national", inputmode="tel")


class WhoForm(DoorForm):
    together = ("last_four",)
    last_four = _text(_("证件号码的最后 4 位"), _("请填写证件号码的最后 4 位。"), autocomplete="off", maxlength="4")
