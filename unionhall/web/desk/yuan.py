"""An amount of money in a form: typed in yuan, kept in fen."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t

from unionhall.kernel import money
from unionhall.kernel.errors import Refused
from unionhall.web.refusals import in_words


class YuanField(forms.CharField):
    """An amount typed in yuan; its value is fen, None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = money.fen(text)
        except Refused as refused:
            raise forms.ValidationError(in_words(refused)) from None
        if amount < 0:
            raise forms.ValidationError(_t("金额不能是负数。"))
        return amount
