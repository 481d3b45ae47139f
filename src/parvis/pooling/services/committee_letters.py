"""What members are written about a committee: called, cancelled, minutes filed; and its file for their calendars."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView, authority
from parvis.kit import clock, icalendar
from parvis.kit.jinja import date_long, hour
from parvis.notifications.facade import Attachment
from parvis.pooling.models import CommitteeMeeting, MeetingState
from parvis.pooling.rules.committee import USUAL_LENGTH

FILE_NAME = "comite.ics"


def when_words(meeting: CommitteeMeeting) -> str:
    """mardi 1er décembre 2026 à 14 h 00"""
    return _("{day} à {hour}").format(day=date_long(meeting.meets_at), hour=hour(meeting.meets_at))


def page_url(meeting: CommitteeMeeting, slug: str) -> str:
    """The whole address of the committee's page, for the agents of the authority of that slug."""
    return settings.PUBLIC_URL + reverse("meeting", args=[slug, meeting.group_id, meeting.id])


def called_text(meeting: CommitteeMeeting, slug: str) -> str:
    agenda = "\n".join(f"{rank}. {one.title}" for rank, one in enumerate(meeting.items.all(), 1))
    return _(
        "Vous êtes invité au comité de pilotage du groupement «\u202f{group}\u202f».\n\n"
        "Quand\u202f: {when}\nOù\u202f: {place}\n\nOrdre du jour\n{agenda}\n\n"
        "Le dossier du comité et la page de la séance\u202f:\n{url}\n\n"
        "Si personne ne peut venir, dites-le au coordinateur\u202f: votre collectivité sera notée excusée.\n"
        "Le fichier joint ajoute la séance à votre agenda."
    ).format(
        group=meeting.group.name, when=when_words(meeting), place=meeting.place, agenda=agenda,
        url=page_url(meeting, slug),
    )  # fmt: skip


def cancelled_text(meeting: CommitteeMeeting) -> str:
    return _(
        "Le comité de pilotage du groupement «\u202f{group}\u202f», prévu le {when}, n’aura pas lieu.\n\n"
        "Pourquoi\u202f: {reason}\n\nLe fichier joint le retire de votre agenda."
    ).format(group=meeting.group.name, when=when_words(meeting), reason=meeting.cancel_reason)


def minuted_text(meeting: CommitteeMeeting, decisions: list[str], slug: str) -> str:
    lines = "\n".join(f"- {one}" for one in decisions) or _("Aucune décision n’a été prise.")
    return _(
        "Le compte rendu du comité de pilotage du {when} est déposé.\n\nDécisions\n{decisions}\n\nLe lire\u202f:\n{url}"
    ).format(when=when_words(meeting), decisions=lines, url=page_url(meeting, slug))


def calendar_file(meeting: CommitteeMeeting, slug: str) -> bytes:
    """The same event in every mail and download: called, then taken back when the committee is cancelled."""
    cancelled = meeting.state == MeetingState.CANCELLED
    owner: AuthorityView = authority(meeting.authority_id)
    agenda = "\n".join(f"{rank}. {one.title}" for rank, one in enumerate(meeting.items.all(), 1))
    return icalendar.event(
        uid=f"{meeting.id}@{urlsplit(settings.PUBLIC_URL).hostname}",
        start=meeting.meets_at,
        end=meeting.meets_at + USUAL_LENGTH,
        summary=_("Comité de pilotage, {group}").format(group=meeting.group.name),
        description=agenda,
        location=meeting.place,
        url=page_url(meeting, slug),
        organizer_name=owner.name,
        organizer_email=settings.DEFAULT_FROM_EMAIL,
        sequence=int(cancelled),
        cancelled=cancelled,
        stamp=clock.now(),
    )


def calendar_attachment(meeting: CommitteeMeeting, slug: str) -> Attachment:
    cancelled = meeting.state == MeetingState.CANCELLED
    return Attachment(FILE_NAME, icalendar.media_type(cancelled=cancelled), calendar_file(meeting, slug))
