"""The workers' own pages, for a telephone: who I am to the union, and who has looked. A door: no rule of the union lives here."""

from django.urls import path

from unionhall.web.portal import me

urlpatterns = [
    path("me/", me.home, name="me"),
    path("me/data/", me.data, name="me-data"),
    path("me/readings/", me.readings, name="me-readings"),
]
