"""The counsellor's door: who comes when, and notes that only their author reads."""

from django.urls import path

from unionhall.web.counsel import talks

urlpatterns = [
    path("counsel/", talks.talks, name="counsel"),
    path("counsel/<int:number>/", talks.talk, name="counsel-talk"),
]
