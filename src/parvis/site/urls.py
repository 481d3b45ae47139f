"""The only place that sees every room's pages. Pages of one authority begin with its slug, so they come last."""

from django.urls import include, path

handler400 = "parvis.site.errors.bad_request"
handler403 = "parvis.site.errors.forbidden"
handler404 = "parvis.site.errors.not_found"
handler500 = "parvis.site.errors.server_error"

urlpatterns = [
    path("", include("parvis.site.web.urls")),
    path("", include("parvis.accounts.web.urls")),
    path("", include("parvis.audit.web.urls")),
    path("", include("parvis.notifications.web.urls")),
    path("", include("parvis.authorities.web.urls")),
    path("", include("parvis.appointments.web.urls")),
    path("", include("parvis.procurement.web.urls")),
    path("", include("parvis.pooling.web.urls")),
    path("", include("parvis.portal.web.urls")),  # last: it answers `<authority>/` itself
]
