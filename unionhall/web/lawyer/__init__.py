"""The lawyer's door: the legal-aid matters given to them by name, and no others."""

from django.urls import path

from unionhall.web.lawyer import matters

urlpatterns = [
    path("lawyer/", matters.matters, name="lawyer"),
    path("lawyer/<int:number>/", matters.matter, name="lawyer-matter"),
    path("lawyer/<int:number>/read/", matters.read, name="lawyer-read"),
    path("lawyer/<int:number>/files/<int:kept>/", matters.file, name="lawyer-file"),
    path("lawyer/<int:number>/write/", matters.write, name="lawyer-write"),
    path("lawyer/<int:number>/close/", matters.close, name="lawyer-close"),
]
