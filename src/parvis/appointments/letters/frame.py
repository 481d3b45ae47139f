"""One letter about an appointment or a wait, as text and as a page, in the frame of every letter (kit/mail)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView, agglomeration
from parvis.kit.clock import PARIS
from parvis.kit.errors import Refusal
from parvis.kit.jinja import DAYS
from parvis.notifications import facade as notifications
from parvis.notifications.facade import Attachment


@dataclass(frozen=True, slots=True)
class Letter:
    """`facts` are (label, value) rows, `bring` the lines of a list, `action` (words, address) of the link to use.

    `help_name` and `help_contact`: the place to call, where the letter is about one.
    """

    title: str
    opening: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    bring: Sequence[str] = ()
    action: tuple[str, str] | None = None
    other_action: tuple[str, str] | None = None
    closing: Sequence[str] = ()
    help_name: str = ""
    help_contact: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom, of whom, about what; `once_key` and `not_after` as in notifications.send."""

    to: str
    house: AuthorityView
    subject_id: UUID
    once_key: str
    not_after: datetime | None = None
    attachments: tuple[Attachment, ...] = field(default=())


def send_letter(letter: Letter, envelope: Envelope) -> None:
    """Once, in the caller's transaction."""
    house, whole = envelope.house, agglomeration()
    values = {
        "platform_name": f"Parvis {whole.of_name}" if whole else "Parvis",
        "authority_name": house.name,
        "title": letter.title,
        "opening": letter.opening,
        "facts": letter.facts,
        "bring": letter.bring,
        "actions": [one for one in (letter.action, letter.other_action) if one],
        "closing": letter.closing,
        # An authority's own desk is about its purchases: a place answers for appointments, their telephones are listed.
        "help_name": letter.help_name or _("L’accueil du lieu de votre choix"),
        "help_hours": _("aux heures d’ouverture"),
        "help_contact": letter.help_contact or f"{settings.PUBLIC_URL}{reverse('find_appointment')}",
    }
    text, page = (render_to_string(f"appointments/mail/letter.{ending}", values) for ending in ("txt", "html"))
    notifications.send(
        envelope.to,
        letter.title,
        text.strip() + "\n",
        html=page,
        once_key=envelope.once_key,
        authority_id=house.id,
        subject_id=envelope.subject_id,
        attachments=envelope.attachments,
        not_after=envelope.not_after,
    )


def mobile(phone: str) -> str | None:
    """The number if it gets our SMS: a landline, or an authority without SMS, gets none."""
    if not phone or not notifications.sms_offered():
        return None
    try:
        return notifications.read_mobile(phone)
    except Refusal:
        return None


def fitting(*texts: str) -> str:
    """The first of these texts that an SMS can hold (three parts), the last one being the shortest."""
    for text in texts[:-1]:
        if notifications.segments(notifications.sms_text(text)) <= SMS_PARTS:
            return text
    return texts[-1]


SMS_PARTS = 3


def short_moment(start: datetime) -> str:
    """« jeu. 26/11 à 10h20 », in Paris, for an SMS."""
    local = start.astimezone(PARIS)
    return f"{DAYS[local.weekday()][:3]}. {local.day}/{local.month:02d} à {local.hour}h{local.minute:02d}"
