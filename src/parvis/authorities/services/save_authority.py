import hashlib
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.audit.facade import record
from parvis.authorities.models import Authority
from parvis.kit import scope


def save_authority(saver_id: UUID | None, authority: Authority, changed: list[str]) -> None:
    """Write an authority that its form has checked, and the fact of it.

    `changed` names the fields that differ; `saver_id` is None for the command line.
    """
    with transaction.atomic():
        is_new = authority._state.adding
        authority.save()
        with scope.authority(authority.id):
            kind = "authority.created" if is_new else "authority.changed"
            record(kind, subject=authority.id, data=_values(authority, changed), actor=saver_id)


def _values(authority: Authority, names: list[str]) -> dict[str, Any]:
    """What the fact keeps: the values, and of a drawing its SHA-256 alone."""
    values = {name: getattr(authority, name) for name in sorted(names)}
    if "logo" in values:
        values["logo"] = hashlib.sha256(values["logo"].encode()).hexdigest() if values["logo"] else ""
    return {name: value if isinstance(value, bool | int | None) else str(value) for name, value in values.items()}
