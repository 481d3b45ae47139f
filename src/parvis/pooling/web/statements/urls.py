from django.urls import URLPattern, path

from parvis.pooling.web.statements import billing, calls, credit, files, lists, page, payment

_ALL = "<slug:authority>/mutualisation/groupements/<uuid:group>/releves/"
_YEAR = f"{_ALL}<int:year>/"
_ONE = f"{_ALL}<uuid:statement>/"

urlpatterns: list[URLPattern] = [
    path(_ALL, lists.group_statements, name="group_statements"),
    path(f"{_ALL}formats/", files.formats, name="statement_formats"),
    path(f"{_ALL}coordonnees/", billing.billing, name="statement_billing"),
    path(f"{_YEAR}acompte/<int:rank>/", calls.instalment, name="statement_call"),
    path(f"{_YEAR}solde/", calls.closing, name="statement_closing"),
    path(f"{_YEAR}lignes.csv", files.lines_csv, name="statements_csv"),
    path(f"{_YEAR}releves.zip", files.year_zip, name="statements_zip"),
    path(_ONE, page.statement, name="statement"),
    path(f"{_ONE}releve.pdf", files.pdf, name="statement_pdf"),
    path(f"{_ONE}releve.json", files.data, name="statement_json"),
    path(f"{_ONE}recalcul/", page.again, name="statement_recompute"),
    path(f"{_ONE}avoir/", credit.credit, name="statement_credit"),
    path(f"{_ONE}paiement/", payment.payment, name="statement_payment"),
    path(f"{_ONE}paiement/<uuid:payment>/correction/", payment.correct, name="payment_correct"),
]
