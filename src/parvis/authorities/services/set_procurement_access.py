from datetime import date
from uuid import UUID

from parvis.audit.facade import record
from parvis.authorities.models import Authority
from parvis.kit import scope


def set_procurement_access(authority_id: UUID, from_on: date, until_on: date | None, *, actor_id: UUID | None) -> None:
    """Open an authority's tool of procurement from a day to the day before another; past that, it only reads.

    The fact is the authority's own. Raises IntegrityError when it would end before it begins.
    """
    with scope.authority(authority_id):
        Authority.objects.filter(id=authority_id).update(procurement_from=from_on, procurement_until=until_on)
        days = {"from": from_on.isoformat(), "until": until_on.isoformat() if until_on else None}
        record("authority.procurement_access", subject=authority_id, actor=actor_id, data=days)
