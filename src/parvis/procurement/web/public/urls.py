from django.urls import URLPattern, path

from parvis.procurement.web.public import consultation, lists

_ONE = "<slug:authority>/consultations/<uuid:consultation>/"

urlpatterns: list[URLPattern] = [
    path("consultations/", lists.all_consultations, name="all_consultations"),
    path("consultations/flux.xml", lists.all_consultations_feed, name="all_consultations_feed"),
    path("<slug:authority>/consultations/", lists.consultations, name="consultations"),
    path("<slug:authority>/consultations/flux.xml", lists.consultations_feed, name="consultations_feed"),
    path(_ONE, consultation.consultation, name="consultation"),
    path(f"{_ONE}documents/<uuid:document>/", consultation.document, name="document"),
    path(f"{_ONE}documents.zip", consultation.documents_zip, name="documents_zip"),
    path(f"{_ONE}avertir/", consultation.watch, name="watch"),
    path(f"{_ONE}avertir/fin/<str:token>/", consultation.stop, name="stop_watching"),
]
