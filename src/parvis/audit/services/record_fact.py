import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785

from parvis.audit.models import Fact, LogLeaf
from parvis.kit import clock, scope


def record_fact(kind: str, *, subject: UUID, data: dict[str, Any], actor: UUID | None = None, at: datetime | None = None) -> Fact:
    """Write a fact of the authority in scope, and its leaf for the register, in the present transaction.

    `data` holds JSON values only. The leaf carries a salted commitment to it, so that personal data may be erased later.
    """
    at = at or clock.now()
    fact = Fact(kind=kind, subject_id=subject, actor_id=actor, at=at, data=data, salt=secrets.token_bytes(32))
    commitment = hashlib.sha256(fact.salt + rfc8785.dumps(data)).hexdigest()
    leaf = {
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
    return fact
