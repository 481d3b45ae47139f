from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authorities
from parvis.eservices.contracts import EServiceView
from parvis.eservices.models import EService, EServiceUse
from parvis.eservices.selectors.catalogue import eservice
from parvis.eservices.services.locking import one_at_a_time
from parvis.eservices.services.save_checked import save_checked
from parvis.kit import scope
from parvis.kit.errors import Refusal


def end_eservice(service_id: UUID, until_on: date, *, actor_id: UUID | None = None) -> EServiceView:
    """The last day of an e-service. Every use must end by then: one's own and those of the authorities that joined.

    Opens the scope of the authority that runs it. Raises Refusal: invalid, taken, still_used (names the authorities).
    """
    with scope.authority(eservice(service_id).authority_id):
        one_at_a_time(service_id)
        row = EService.objects.select_for_update().get(id=service_id)
        beyond = EServiceUse.objects.filter(service=row).exclude(until_on__lte=until_on)
        if users := authorities(set(beyond.values_list("authority_id", flat=True))):
            message = _(
                "Ce téléservice est encore offert après ce jour par\u202f: %(names)s. "
                "Mettez d’abord fin à ces utilisations."
            )
            raise Refusal("still_used", message % {"names": ", ".join(one.name for one in users)}, "offered_until")
        row.offered_until = until_on
        save_checked(row)
        audit.record("eservice.ended", subject=row.id, actor=actor_id, data={"until": until_on.isoformat()})
    return eservice(service_id)
