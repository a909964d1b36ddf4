"""The merchant's counter, for a telephone: scan or type the digits of a member's card, see green or red, take back, and be paid.

A door: no rule of the union lives here. Whoever stands at it learns of a person whether the card is good, and a masked name.
"""

from django.urls import path

from unionhall.web.shop import counter, day, months

urlpatterns = [
    path("shop/", counter.counter, name="shop"),
    path("shop/uses/<int:number>/", counter.use, name="shop-use"),
    path("shop/uses/<int:number>/undo/", counter.take_back, name="shop-undo"),
    path("shop/today/", day.today, name="shop-today"),
    path("shop/months/", months.overview, name="shop-months"),
    path("shop/months/<int:year>/<int:month>/", months.statement, name="shop-month"),
    path("shop/months/<int:year>/<int:month>/statement.<str:form>", months.file, name="shop-month-file"),
]
