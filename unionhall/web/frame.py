"""What every page's frame needs: whose pages these are, and the ways out of them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from unionhall.organisations.models import Place

PHONE = "12351"
"""The national hotline of the trade unions."""


def district() -> str:
    """The name on the pages: the setting, else the root of the tree of places; empty before the tree is imported."""
    if settings.DISTRICT_NAME:
        return settings.DISTRICT_NAME
    return Place.objects.filter(parent=None).order_by("path").values_list("name", flat=True).first() or ""


def frame(request: HttpRequest) -> dict[str, Any]:
    return {
        # A page that never names the district never asks for it.
        "district": SimpleLazyObject(district),
        "phone": PHONE,
        "languages": settings.LANGUAGES,
        "here": request.get_full_path(),
        "demo": settings.DEMO,
    }
