"""The judge's door: the contests an account judges, and its own sheet of the round under way. No rule of the union lives here."""

from django.urls import path

from unionhall.web.judge import sheets

urlpatterns = [
    path("judge/", sheets.contests, name="judge"),
    path("judge/rounds/<int:number>/", sheets.sheet, name="judge-round"),
]
