from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.eservices.contracts import UseView
from parvis.eservices.models import EServiceUse
from parvis.eservices.selectors.catalogue import eservice
from parvis.eservices.selectors.uses import use
from parvis.eservices.services.locking import one_at_a_time
from parvis.eservices.services.save_checked import save_checked
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long


def end_use(use_id: UUID, until_on: date, *, actor_id: UUID | None = None) -> UseView:
    """The last day on which the authority of this use offers the e-service; a day set before may still move.

    Opens that authority's scope; whoever calls has checked that the actor may. Raises Refusal: not_offered (later than
    the e-service's own last day), invalid (before the first day, or into the next use), taken.
    """
    present = use(use_id)
    if until_on < present.from_on:
        message = _("Cette utilisation commence le %(day)s\u202f: son dernier jour ne peut pas le précéder.")
        raise Refusal("invalid", message % {"day": date_long(present.from_on)}, "until_on")
    with scope.authority(present.authority_id):
        one_at_a_time(present.service_id)
        service = eservice(present.service_id)
        if service.offered_until is not None and until_on > service.offered_until:
            message = _("«\u202f%(name)s\u202f» s’arrête le %(day)s\u202f: choisissez ce jour ou un jour d’avant.")
            words = {"name": service.name, "day": date_long(service.offered_until)}
            raise Refusal("not_offered", message % words, "until_on")
        row = EServiceUse.objects.select_for_update().get(id=use_id)
        row.until_on = until_on
        save_checked(row)
        data = {"service": str(present.service_id), "until": until_on.isoformat()}
        audit.record("eservice.use_ended", subject=row.id, actor=actor_id, data=data)
    return use(use_id)
