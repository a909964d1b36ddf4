"""Every address of the house."""

from django.urls import path
from django.views.i18n import set_language

from unionhall.web import (
    board,
    board_papers,
    certificates,
    counsel,
    duty,
    entrance,
    gate,
    giving,
    goals,
    judge,
    lawyer,
    portal,
    public,
    records,
    robots,
    shop,
    stations,
)
from unionhall.web.desk import routes

urlpatterns = [
    path("", public.story, name="public"),
    path("figures.csv", public.story_csv, name="public-csv"),
    path("figures/<str:key>/", public.figure, name="figure"),
    path("figures/<str:key>/figure.<str:form>", public.figure_file, name="figure-file"),
    path("figures/<str:key>/records/", records.records, name="records"),
    path("certificates/", certificates.check, name="certificate"),
    path("stations/", stations.stations, name="stations"),
    path("donations/", giving.drives, name="donations"),
    path("board/", board.board, name="board"),
    path("board/report/", board_papers.report, name="board-report"),
    path("board/goals/", goals.overview, name="board-goals"),
    path("board/figures/<str:key>/", board.figure, name="board-figure"),
    path("board/figures/<str:key>/figure.<str:form>", board_papers.figure_file, name="board-figure-file"),
    path("board/figures/<str:key>/goals/", goals.goals, name="board-figure-goals"),
    *entrance.urlpatterns,
    *portal.urlpatterns,
    *shop.urlpatterns,
    *counsel.urlpatterns,
    *judge.urlpatterns,
    *lawyer.urlpatterns,
    *duty.urlpatterns,
    path("language/", gate.public(set_language), name="language"),
    *routes.urlpatterns,
    path("robots.txt", robots.robots, name="robots"),
    path("favicon.ico", robots.favicon, name="favicon"),
]

handler400 = "unionhall.web.errors.bad_request"
handler403 = "unionhall.web.errors.forbidden"
handler404 = "unionhall.web.errors.not_found"
handler500 = "unionhall.web.errors.server_error"
