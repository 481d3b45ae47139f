from django.urls import URLPattern, path

from parvis.procurement.web.opening import views

_FILE = "<slug:authority>/bureau/consultations/<uuid:consultation>"

urlpatterns: list[URLPattern] = [
    path(f"{_FILE}/seance/", views.opening, name="opening"),
    path(f"{_FILE}/seance/donnees.json", views.opening_data, name="opening_data"),
    path(f"{_FILE}/seance/cle-de-seance/", views.session_key, name="opening_session_key"),
    path(f"{_FILE}/seance/parts/", views.share, name="opening_share"),
    path(f"{_FILE}/seance/ouvrir/", views.open_now, name="opening_open"),
    path(f"{_FILE}/seance/suite/", views.move_on, name="opening_move_on"),
    path(f"{_FILE}/seance/proces-verbal.pdf", views.minutes, name="minutes"),
    path(f"{_FILE}/seance/parts-scellees.json", views.sealed_shares_file, name="sealed_shares"),
    path(f"{_FILE}/plis/documents/<uuid:document>/", views.opened_document, name="opened_document"),
    path(f"{_FILE}/plis/scelles/<uuid:envelope>.age", views.sealed_file, name="sealed_file"),
]
