from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.eservices.contracts import EServiceView, UseView
from parvis.eservices.models import EServiceUse
from parvis.eservices.selectors.catalogue import eservice
from parvis.eservices.selectors.uses import use
from parvis.eservices.services.locking import one_at_a_time
from parvis.eservices.services.save_checked import save_checked
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long


def record_use(
    service_id: UUID, authority_id: UUID, from_on: date, order_id: UUID | None = None, *, actor_id: UUID | None = None
) -> UseView:
    """The authority offers the e-service to its citizens from that day: its own, or another's that it joins.

    The row belongs to the authority that uses; its scope is opened here, so that one order may record the uses of all
    its members. Whoever calls has checked that the actor may. Raises Refusal: not_offered (the e-service is not in
    service that day), invalid (it offers it already at these dates), taken.
    """
    with scope.authority(authority_id):
        one_at_a_time(service_id)
        service = eservice(service_id)
        _refuse_when_not_offered(service, from_on)
        row = EServiceUse(service_id=service_id, from_on=from_on, until_on=service.offered_until, order_id=order_id)
        save_checked(row)
        data = {
            "service": str(service_id), "name": service.name, "own": service.authority_id == authority_id,
            "from": from_on.isoformat(), "order": str(order_id) if order_id else "",
        }  # fmt: skip
        audit.record("eservice.used", subject=row.id, actor=actor_id, data=data)
    return use(row.id)


def _refuse_when_not_offered(service: EServiceView, day: date) -> None:
    if day < service.offered_from:
        message = _(
            "«\u202f%(name)s\u202f» n’est en service qu’à partir du %(day)s. Choisissez ce jour ou un jour suivant."
        )
        raise Refusal(
            "not_offered", message % {"name": service.name, "day": date_long(service.offered_from)}, "from_on"
        )
    if service.offered_until is not None and day > service.offered_until:
        message = _("«\u202f%(name)s\u202f» n’est plus en service depuis le %(day)s. Choisissez un autre téléservice.")
        raise Refusal(
            "not_offered", message % {"name": service.name, "day": date_long(service.offered_until)}, "from_on"
        )
