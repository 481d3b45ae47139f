from django.urls import path

from parvis.appointments.web.waiting.join import join
from parvis.appointments.web.waiting.offer import offer
from parvis.appointments.web.waiting.waiting import waiting

urlpatterns = [
    path("rendez-vous/attente/", join, name="join_waiting"),
    path("rendez-vous/attente/<str:key>/", waiting, name="waiting"),
    path("rendez-vous/offre/<str:key>/", offer, name="offer"),
]
