"""The workers' own pages, for a telephone: who I am to the union, what it opens to me, who has looked. A door: no rule of the union lives here."""

from django.urls import path

from unionhall.web.portal import card, correcting, helping, joining, matching, matters, me, notices, offers, places, record

urlpatterns = [
    path("me/", me.home, name="me"),
    path("me/data/", me.data, name="me-data"),
    path("me/data/correct/", correcting.correct, name="me-correct"),
    path("me/join/", joining.join, name="me-join"),
    path("me/readings/", me.readings, name="me-readings"),
    path("me/record/", record.record, name="me-record"),
    path("me/match/", matching.mine, name="me-match"),
    path("me/match/withdraw/", matching.withdraw, name="me-match-withdraw"),
    path("me/match/<int:session>/", matching.event, name="me-match-event"),
    path("me/card/", card.card, name="me-card"),
    path("me/offers/", offers.offers, name="me-offers"),
    path("me/offers/<int:number>/", offers.offer, name="me-offer"),
    path("me/places/", places.places, name="me-places"),
    path("me/places/<int:number>/", places.place, name="me-place"),
    path("me/places/<int:number>/accept/", places.accept, name="me-place-accept"),
    path("me/places/<int:number>/give-back/", places.give_back, name="me-place-give-back"),
    path("me/places/<int:number>/feedback/", places.feedback, name="me-place-feedback"),
    path("me/door/<int:session>/", places.check_in, name="me-door"),
    path("me/help/", helping.choose, name="me-help"),
    path("me/help/<str:key>/", helping.ask, name="me-ask"),
    path("me/matters/", matters.matters, name="me-matters"),
    path("me/matters/<int:number>/", matters.matter, name="me-matter"),
    path("me/matters/<int:number>/add/", matters.add, name="me-matter-add"),
    path("me/matters/<int:number>/leave/", matters.leave, name="me-matter-leave"),
    path("me/matters/<int:number>/files/<int:kept>/", matters.file, name="me-matter-file"),
    path("me/matters/<int:number>/rate/", matters.rate, name="me-matter-rate"),
    path("me/matters/<int:number>/step/<str:name>/", matters.step, name="me-matter-step"),
    path("me/notices/", notices.notices, name="me-notices"),
    path("me/notices/read/", notices.read_all, name="me-notices-read"),
    path("me/notices/ways/", notices.ways, name="me-ways"),
    path("me/notices/<int:number>/", notices.notice, name="me-notice"),
]
