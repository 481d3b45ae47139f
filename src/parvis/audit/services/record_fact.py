import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785
from django.db import transaction

from parvis.audit.models import Fact, LogLeaf, PendingLeaf
from parvis.audit.services.enqueue_anchor import enqueue_anchor
from parvis.kit import clock, scope


def record_fact(
    kind: str, *, subject: UUID, data: dict[str, Any], actor: UUID | None = None, at: datetime | None = None
) -> Fact:
    """Write a fact of the authority in scope, and its leaf for the register, in the present transaction.

    `data` holds JSON values only, and gets the `actor` so that who acted is committed to as well. The leaf carries a
    salted commitment, so that personal data may be erased later.
    """
    at = at or clock.now()
    if actor is not None:
        data = {**data, "actor": str(actor)}
    salt = secrets.token_bytes(32)
    fact = Fact(kind=kind, subject_id=subject, actor_id=actor, at=at, data=data, salt=salt)
    commitment = hashlib.sha256(salt + rfc8785.dumps(data)).hexdigest()
    leaf: dict[str, Any] = {
        "v": 1,
        "id": str(fact.id),
        "kind": kind,
        "authority": str(scope.current_authority()),
        "subject": str(subject),
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "commitment": commitment,
    }
    fact.save(force_insert=True)
    LogLeaf.objects.create(fact_id=fact.id, leaf=rfc8785.dumps(leaf).decode())
    PendingLeaf.objects.create(fact_id=fact.id)
    transaction.on_commit(enqueue_anchor, robust=True)
    return fact
