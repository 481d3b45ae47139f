from django.urls import path

from parvis.pooling.web.agreements import amending, drafting, ending, lists, page

_ALL = "<slug:authority>/mutualisation/conventions/"
_ONE = f"{_ALL}<uuid:agreement>/"

urlpatterns = [
    path(_ALL, lists.agreements, name="agreements"),
    path(f"{_ALL}nouvelle/", drafting.new, name="agreement_new"),
    path(_ONE, page.agreement, name="agreement"),
    path(f"{_ONE}modifier/", drafting.edit, name="agreement_edit"),
    path(f"{_ONE}signature/", drafting.sign, name="agreement_sign"),
    path(f"{_ONE}abandon/", drafting.discard, name="agreement_discard"),
    path(f"{_ONE}joindre/", page.attach, name="agreement_attach"),
    path(f"{_ONE}avenant/", amending.draft, name="agreement_amendment"),
    path(f"{_ONE}avenant/signature/", amending.sign, name="agreement_amend"),
    path(f"{_ONE}avenant/abandon/", amending.drop, name="agreement_amendment_drop"),
    path(f"{_ONE}versions/<int:number>/", amending.version, name="agreement_version"),
    path(f"{_ONE}versions/<int:number>.pdf", amending.version_pdf, name="agreement_pdf"),
    path(f"{_ONE}preavis/", ending.notice, name="agreement_notice"),
    path(f"{_ONE}fin/", ending.terminate, name="agreement_terminate"),
]
