from django.urls import URLPattern, path

from parvis.procurement.web.custody import views

_FILE = "<slug:authority>/bureau/consultations/<uuid:consultation>"

urlpatterns: list[URLPattern] = [
    path("<slug:authority>/bureau/ma-cle/", views.my_key, name="my_key"),
    path("<slug:authority>/bureau/ma-cle/donnees.json", views.my_key_data, name="my_key_data"),
    path(f"{_FILE}/cles/", views.ceremony, name="ceremony"),
    path(f"{_FILE}/cles/donnees.json", views.ceremony_data, name="ceremony_data"),
    path(f"{_FILE}/repetition/", views.rehearsal, name="rehearsal"),
    path(f"{_FILE}/repetition/donnees.json", views.rehearsal_data, name="rehearsal_data"),
    path(f"{_FILE}/repetition/temoin/", views.canary, name="canary"),
]
