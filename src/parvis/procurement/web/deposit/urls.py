from django.urls import URLPattern, path

from parvis.procurement.web.deposit import uploads, views

_FILE = "<slug:authority>/consultations/<uuid:consultation>/deposer"

urlpatterns: list[URLPattern] = [
    path(f"{_FILE}/", views.deposit, name="deposit"),
    path(f"{_FILE}/donnees.json", views.deposit_data, name="deposit_data"),
    path(f"{_FILE}/televersements/", uploads.collection, name="deposit_uploads"),
    path(f"{_FILE}/televersements/<uuid:upload>/", uploads.resource, name="deposit_upload"),
    path(f"{_FILE}/sceller/", views.seal, name="deposit_seal"),
    path("<slug:authority>/plis/<uuid:submission>/", views.receipt, name="receipt"),
    path("<slug:authority>/plis/<uuid:submission>/recepisse.json", views.receipt_json, name="receipt_json"),
    path("<slug:authority>/plis/<uuid:submission>/recepisse.pdf", views.receipt_as_pdf, name="receipt_pdf"),
]
