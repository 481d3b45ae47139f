from datetime import date
from uuid import UUID

from parvis.audit import facade as audit
from parvis.eservices.contracts import EServiceView, Theme
from parvis.eservices.models import EService
from parvis.eservices.selectors.catalogue import eservice
from parvis.eservices.services.save_checked import save_checked
from parvis.kit import scope


def record_eservice(
    authority_id: UUID,
    *,
    code: str,
    name: str,
    offered_from: date,
    theme: Theme = "other",
    summary: str = "",
    actor_id: UUID | None = None,
) -> EServiceView:
    """An e-service that this authority runs, new in the catalogue. Says nothing of who offers it: see record_use.

    Opens the authority's scope itself; whoever calls has checked that the actor may. Raises Refusal: invalid (a field,
    or a code that serves already), taken.
    """
    with scope.authority(authority_id):
        row = EService(code=code.strip(), name=name.strip(), summary=summary.strip(), theme=theme)
        row.offered_from = offered_from
        save_checked(row)
        data = {"code": row.code, "name": row.name, "theme": theme, "from": offered_from.isoformat()}
        audit.record("eservice.recorded", subject=row.id, actor=actor_id, data=data)
    return eservice(row.id)
