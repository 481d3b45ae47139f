from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.kit import clock
from parvis.notifications import facade as notifications
from parvis.procurement.models import Consultation, Watcher
from parvis.procurement.services.warn_watchers import SALT, stop_url


def watch_consultation(consultation: Consultation, email: str, *, company_id: UUID | None = None) -> Watcher:
    """Puts an address on the list of those to warn, once, and writes to it: its owner may not have asked."""
    address = email.strip().lower()
    watcher: Watcher
    with transaction.atomic():
        watcher, new = Watcher.objects.get_or_create(
            consultation=consultation, email=address, defaults={"company_id": company_id}
        )
        again = watcher.stopped_at is not None
        if again:
            watcher.stopped_at = None
            watcher.save(update_fields=["stopped_at"])
        if new or again:
            _confirm(consultation, watcher)
    return watcher


def _confirm(consultation: Consultation, watcher: Watcher) -> None:
    house = authority(consultation.authority_id)
    text = _(
        "Vous serez prévenu à cette adresse de chaque changement de la consultation «\u202f%(title)s\u202f» de "
        "%(buyer)s\u202f:\n%(page)s\n\nCe n’est pas vous qui l’avez demandé, ou vous ne le voulez plus\u202f? %(stop)s"
    ) % {
        "title": consultation.title,
        "buyer": house.name,
        "page": f"{settings.PUBLIC_URL}{reverse('consultation', args=[house.slug, consultation.id])}",
        "stop": stop_url(watcher),
    }
    notifications.send(
        watcher.email,
        _("Vous serez prévenu des changements de %(reference)s") % {"reference": consultation.reference},
        text,
        once_key=f"watching:{watcher.id}:{clock.now().isoformat()}",
        authority_id=consultation.authority_id,
        subject_id=consultation.id,
    )


def watcher_of(token: str) -> Watcher:
    """The watcher whom a link of one of our messages names. Raises Http404 for a token that we did not sign."""
    try:
        watcher_id = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404(_("Ce lien est incomplet. Recopiez-le en entier depuis notre message.")) from error
    found: Watcher | None = Watcher.objects.filter(id=watcher_id).first()
    if found is None:
        raise Http404(_("Cette adresse n’est plus sur la liste\u202f: vous ne recevrez plus rien."))
    return found


def stop_watching(token: str) -> Watcher:
    """Ends the warnings of the watcher named by the token, any number of times. Raises Http404."""
    watcher = watcher_of(token)
    if watcher.stopped_at is None:
        watcher.stopped_at = clock.now()
        watcher.save(update_fields=["stopped_at"])
    return watcher
