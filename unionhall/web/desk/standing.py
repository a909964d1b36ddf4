"""The standing order on the desk: its lists, pages, what waits in them and what can be taken back, for `registers`."""

from collections.abc import Mapping

from django.urls import URLPattern

from unionhall.web.desk import (
    account_forms,
    accounts,
    employer_forms,
    employers,
    lists,
    place_forms,
    places,
    staff,
    stations,
    union_forms,
    unions,
)
from unionhall.web.desk.register import Register
from unionhall.web.desk.todo import Waiting
from unionhall.web.desk.undo import TakeBack

REGISTERS: tuple[Register, ...] = (
    unions.register, employers.register, lists.register, stations.register, staff.register, places.register,
    accounts.register, accounts.asked_register,
)  # fmt: skip

PAGES: tuple[list[URLPattern], ...] = (
    unions.urlpatterns, employers.urlpatterns, lists.urlpatterns, stations.urlpatterns, staff.urlpatterns,
    places.urlpatterns, accounts.urlpatterns,
)  # fmt: skip

WAITING: tuple[Waiting, ...] = (*unions.WAITING, *accounts.WAITING)

INVERSES: Mapping[str, TakeBack] = {
    **union_forms.INVERSES, **employer_forms.INVERSES, **stations.INVERSES, **staff.INVERSES, **place_forms.INVERSES,
    **account_forms.INVERSES,
}  # fmt: skip
