"""Every address of the house."""

from django.urls import path
from django.views.i18n import set_language

from unionhall.web import board, entrance, public, records, robots

urlpatterns = [
    path("", public.story, name="public"),
    path("figures.csv", public.story_csv, name="public-csv"),
    path("figures/<str:key>/", public.figure, name="figure"),
    path("figures/<str:key>/figure.csv", public.figure_csv, name="figure-csv"),
    path("figures/<str:key>/records/", records.records, name="records"),
    path("board/", board.board, name="board"),
    path("board/figures/<str:key>/", board.figure, name="board-figure"),
    path("sign-in/", entrance.SignIn.as_view(), name="sign-in"),
    path("sign-out/", entrance.SignOut.as_view(), name="sign-out"),
    path("language/", set_language, name="language"),
    path("robots.txt", robots.robots, name="robots"),
    path("favicon.ico", robots.favicon, name="favicon"),
]

handler400 = "unionhall.web.errors.bad_request"
handler403 = "unionhall.web.errors.forbidden"
handler404 = "unionhall.web.errors.not_found"
handler500 = "unionhall.web.errors.server_error"
