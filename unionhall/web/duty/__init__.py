"""Duty rosters: one's own duties, to sign in and out of and to hand over; and, for everybody, who is on duty where today."""

from django.urls import path

from unionhall.web.duty import mine, today

urlpatterns = [
    path("duty/", mine.duties, name="my-duties"),
    path("duty/<int:number>/in/", mine.sign_in, name="my-duty-in"),
    path("duty/<int:number>/out/", mine.sign_out, name="my-duty-out"),
    path("duty/<int:number>/ask/", mine.ask, name="my-duty-ask"),
    path("duty/<int:number>/answer/", mine.answer, name="my-duty-answer"),
    path("on-duty/", today.on_duty, name="on-duty"),
]
