from django.urls import URLPattern, path

from parvis.pooling.web.committee import committee, decisions, dossier, held, meeting

_ALL = "<slug:authority>/mutualisation/groupements/<uuid:group>/comite/"
_ONE = f"{_ALL}<uuid:meeting>/"

urlpatterns: list[URLPattern] = [
    path(_ALL, committee.group_committee, name="group_committee"),
    path(f"{_ALL}nouveau/", committee.meeting_new, name="meeting_new"),
    path(f"{_ALL}dossier/", dossier.committee_dossier, name="committee_dossier"),
    path(f"{_ALL}dossier.pdf", dossier.dossier_pdf, name="dossier_pdf"),
    path(_ONE, meeting.meeting, name="meeting"),
    path(f"{_ONE}modifier/", meeting.meeting_edit, name="meeting_edit"),
    path(f"{_ONE}convoquer/", meeting.meeting_call, name="meeting_call"),
    path(f"{_ONE}annuler/", meeting.meeting_cancel, name="meeting_cancel"),
    path(f"{_ONE}agenda.ics", meeting.meeting_calendar, name="meeting_calendar"),
    path(f"{_ONE}presences/", held.meeting_attendance, name="meeting_attendance"),
    path(f"{_ONE}decision/", decisions.meeting_decide, name="meeting_decide"),
    path(f"{_ONE}decision/cle/", decisions.meeting_decide_key, name="meeting_decide_key"),
    path(f"{_ONE}compte-rendu/", held.meeting_minutes, name="meeting_minutes"),
    path(f"{_ONE}compte-rendu.pdf", held.meeting_minutes_pdf, name="meeting_minutes_pdf"),
]
