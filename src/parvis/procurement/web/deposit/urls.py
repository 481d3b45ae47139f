from django.urls import URLPattern, path

from parvis.procurement.web.deposit import pages, uploads, views

_FILE = "<slug:authority>/consultations/<uuid:consultation>/deposer"

urlpatterns: list[URLPattern] = [
    path("mes-plis/", pages.my_submissions, name="my_submissions"),
    path("scellement/", pages.how_sealing_works, name="how_sealing_works"),
    path("verifier/", pages.verify_receipt, name="verify_receipt"),
    path("essai-de-depot/", pages.try_a_deposit, name="try_a_deposit"),
    path(
        "<slug:authority>/bureau/consultations/<uuid:consultation>/registres/depots/",
        pages.deposit_register,
        name="deposit_register",
    ),
    path(f"{_FILE}/", views.deposit, name="deposit"),
    path(f"{_FILE}/donnees.json", views.deposit_data, name="deposit_data"),
    path(f"{_FILE}/televersements/", uploads.collection, name="deposit_uploads"),
    path(f"{_FILE}/televersements/<uuid:upload>/", uploads.resource, name="deposit_upload"),
    path(f"{_FILE}/sceller/", views.seal, name="deposit_seal"),
    path("<slug:authority>/plis/<uuid:submission>/", views.receipt, name="receipt"),
    path("<slug:authority>/plis/<uuid:submission>/recepisse.json", views.receipt_json, name="receipt_json"),
    path("<slug:authority>/plis/<uuid:submission>/recepisse.pdf", views.receipt_as_pdf, name="receipt_pdf"),
]
