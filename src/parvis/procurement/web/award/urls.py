from django.urls import URLPattern, path

from parvis.procurement.web.award import views

_AWARD = "<slug:authority>/bureau/consultations/<uuid:consultation>/attribution/"

urlpatterns: list[URLPattern] = [
    path(_AWARD, views.record, name="record_award"),
    path(f"{_AWARD}<uuid:award>/", views.complete, name="complete_award"),
    path(f"{_AWARD}<uuid:award>/corriger/", views.correct, name="correct_award"),
]
