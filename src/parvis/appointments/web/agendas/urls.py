from django.urls import URLPattern, path

from parvis.appointments.web.agendas import hours, overview, places, reasons, settings

_ALL = "<slug:authority>/accueil/agendas/"
_PLACE = f"{_ALL}lieux/<uuid:place>/"
_ONE = f"{_ALL}<uuid:agenda>/"

urlpatterns: list[URLPattern] = [
    path(_ALL, overview.agendas, name="agendas"),
    path(f"{_ALL}lieux/nouveau/", places.new_place, name="agenda_new_place"),
    path(_PLACE, places.edit_place, name="agenda_place"),
    path(f"{_PLACE}nouvel-agenda/", settings.new_agenda, name="agenda_new"),
    path(f"{_PLACE}fermer/", hours.close, name="agenda_close"),
    path(f"{_ALL}exceptions/<uuid:exception>/", hours.end_exception, name="agenda_exception"),
    path(_ONE, overview.agenda, name="agenda"),
    path(f"{_ONE}reglages/", settings.agenda_settings, name="agenda_settings"),
    path(f"{_ONE}hors-horaires/", overview.outside, name="agenda_outside"),
    path(f"{_ONE}guichets/nouveau/", settings.new_resource, name="agenda_new_resource"),
    path(f"{_ONE}guichets/<uuid:resource>/", settings.edit_resource, name="agenda_resource"),
    path(f"{_ONE}guichets/<uuid:resource>/horaires/", hours.hours, name="agenda_hours"),
    path(f"{_ONE}motifs/", reasons.reasons, name="agenda_reasons"),
    path(f"{_ONE}motifs/nouveau/", reasons.edit_reason, name="agenda_new_reason"),
    path(f"{_ONE}motifs/<uuid:reason>/", reasons.edit_reason, name="agenda_reason"),
    path(f"{_ONE}ouvrir/", hours.open_more, name="agenda_open"),
]
