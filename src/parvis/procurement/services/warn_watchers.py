from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.notifications import facade as notifications
from parvis.procurement.models import Consultation, Watcher

SALT = "procurement.watch"


def stop_url(watcher: Watcher) -> str:
    """The address where a watcher ends their warnings, valid for ever and for them alone."""
    house = authority(watcher.authority_id)
    token = signing.dumps(str(watcher.id), salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('stop_watching', args=[house.slug, watcher.consultation_id, token])}"


def warn_watchers(consultation: Consultation, what: str, *, once: str) -> int:
    """One message to each address that asked to be warned, of one change (`once` names it); returns how many."""
    watchers = Watcher.objects.filter(consultation=consultation, stopped_at__isnull=True)
    house = authority(consultation.authority_id)
    page = f"{settings.PUBLIC_URL}{reverse('consultation', args=[house.slug, consultation.id])}"
    title = _("%(reference)s a changé\u202f: %(title)s") % {
        "reference": consultation.reference,
        "title": consultation.title,
    }
    for watcher in watchers:
        text = _(
            "%(what)s\n\nLa consultation de %(buyer)s\u202f: %(page)s\n\n"
            "Vous recevez ce message parce que vous avez demandé à être prévenu. Pour ne plus l’être\u202f: %(stop)s"
        ) % {"what": what, "buyer": house.name, "page": page, "stop": stop_url(watcher)}
        notifications.send(
            watcher.email,
            title,
            text,
            once_key=f"watch:{watcher.id}:{once}",
            authority_id=consultation.authority_id,
            subject_id=consultation.id,
        )
    return len(watchers)
