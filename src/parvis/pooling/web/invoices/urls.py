from django.urls import URLPattern, path

from parvis.pooling.web.invoices import decide, deposit, lists, page, payment

_GROUP = "<slug:authority>/mutualisation/groupements/<uuid:group>/"
_ALL = f"{_GROUP}factures/"
_ONE = f"{_ALL}<uuid:invoice>/"

urlpatterns: list[URLPattern] = [
    path(_ALL, lists.group_invoices, name="group_invoices"),
    path(f"{_ALL}deposer/", deposit.receive, name="invoice_receive"),
    path(f"{_ALL}saisir/", deposit.enter, name="invoice_enter"),
    path(_ONE, page.invoice, name="invoice"),
    path(f"{_ONE}facture.json", page.reading, name="invoice_json"),
    path(f"{_ONE}rapprocher/", decide.match, name="invoice_match"),
    path(f"{_ONE}detacher/", decide.unmatch, name="invoice_unmatch"),
    path(f"{_ONE}refuser/", decide.refuse, name="invoice_refuse"),
    path(f"{_GROUP}commandes/<uuid:order>/paiement/", payment.pay, name="order_payment"),
]
