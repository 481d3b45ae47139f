"""What a contract had been ordered before it was taken up: how its amount came to be what it is."""

from dataclasses import dataclass
from datetime import datetime

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.pooling.models import FrameworkAgreement


@dataclass(frozen=True, slots=True)
class Correction:
    """Cents excluding VAT."""

    at: datetime
    before_cents: int
    after_cents: int
    reason: str


def corrections_of(framework: FrameworkAgreement) -> list[Correction]:
    """Oldest first. The coordinator's facts are read in its scope: whoever reads the framework may read these."""
    with scope.authority(framework.authority_id):
        facts = audit.facts([framework.id])
    found = [one for one in facts if one.kind == "framework.earlier_corrected"]
    return [
        Correction(one.at, one.data["before_cents"], one.data["after_cents"], one.data["reason"])
        for one in sorted(found, key=lambda one: one.at)
    ]
