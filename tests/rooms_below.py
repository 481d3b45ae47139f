"""The pages of accounts, authorities and site alone: the rooms above them are stand-ins that only have an address."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def elsewhere(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse("elsewhere")


handler400 = "parvis.site.errors.bad_request"
handler403 = "parvis.site.errors.forbidden"
handler404 = "parvis.site.errors.not_found"
handler500 = "parvis.site.errors.server_error"

urlpatterns = [
    path("", include("parvis.site.web.urls")),
    path("", include("parvis.accounts.web.urls")),
    path("", include("parvis.authorities.web.urls")),
    path("", elsewhere),
    path("favicon.ico", elsewhere),
    path("consultations/", elsewhere, name="all_consultations"),
    path("mes-plis/", elsewhere, name="my_submissions"),
    path("rendez-vous/", elsewhere, name="find_appointment"),
    path("<slug:authority>/", elsewhere, name="authority_home"),
    path("<slug:authority>/rendez-vous/", elsewhere, name="appointments"),
    path("<slug:authority>/accueil/", elsewhere, name="reception"),
    path("<slug:authority>/accueil/chiffres/", elsewhere, name="reception_figures"),
    path("<slug:authority>/accueil/agendas/", elsewhere, name="agendas"),
    path("<slug:authority>/consultations/", elsewhere, name="consultations"),
    path("<slug:authority>/bureau/", elsewhere, name="desk"),
    path("<slug:authority>/mutualisation/", elsewhere, name="pooling"),
    path("<slug:authority>/bureau/export/", elsewhere, name="export"),
]
