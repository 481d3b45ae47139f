"""Consultations for the tests: made by the services that agents use, so that they are as real as an agent's."""

import hashlib
import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.procurement.models import Consultation, CustodianKey, KeyShare, Lot, OpeningKey, RehearsalProof
from parvis.procurement.services.add_document import add_document
from parvis.procurement.services.create_consultation import create_consultation
from parvis.procurement.services.publish_consultation import publish_consultation
from parvis.procurement.services.save_draft import CriterionInput, LotInput, save_draft

DOCUMENTS = ("Règlement de la consultation.pdf", "Cahier des charges.pdf")


def noon_in(days: int) -> datetime:
    """Noon in Paris, so many days from now."""
    local = clock.now().astimezone(clock.PARIS) + timedelta(days=days)
    return local.replace(hour=12, minute=0, second=0, microsecond=0)


def a_draft(buyer: UUID, *, complete: bool = True, lots: int = 2, **fields: Any) -> Consultation:
    """A draft of the authority in scope; everything is entered but the keys, unless told."""
    made = create_consultation(title="Réfection de la toiture de l’école", nature="works", actor_id=buyer)
    if complete:
        values: dict[str, Any] = {
            "purpose": "Reprise de la couverture et de la zinguerie de l’école du Centre.", "procedure": "adapted",
            "cpv": "45261910", "place_nuts": "FRF12", "estimated_cents": 18_000_000, "duration_months": 6,
            "deadline": noon_in(30), "contact_name": "Service des marchés", "contact_email": "marches@exemple.test",
        }  # fmt: skip
        rows = [LotInput(title=f"Lot des {name}") for name in ("couvreurs", "zingueurs", "maçons")[:lots]]
        criteria = [CriterionInput("Prix", 6000), CriterionInput("Valeur technique", 4000)]
        save_draft(made.id, {**values, **fields}, actor_id=buyer, lots=rows, criteria=criteria)
        for name in DOCUMENTS:
            a_document(made, buyer, name)
    elif fields:
        save_draft(made.id, fields, actor_id=buyer)
    return Consultation.objects.get(id=made.id)


def a_document(consultation: Consultation, buyer: UUID, name: str, content: bytes = b"%PDF-1.7 invented") -> Any:
    data = content + name.encode()
    return add_document(consultation.id, io.BytesIO(data), name, len(data), actor_id=buyer)


def with_keys(consultation: Consultation, holder: UUID, *, rehearsed: bool = True) -> None:
    """Keys as the ceremony leaves them (their secrets are of no use to these tests), for one holder and one more."""
    held = CustodianKey.objects.filter(person_id=holder).first() or CustodianKey.objects.create(
        person_id=holder, recipient="age1holder", fingerprint=_sha("holder"), sealed_by_passphrase="x"
    )
    lots = list(Lot.objects.filter(consultation=consultation).order_by("number"))
    wanted: list[tuple[str, Lot | None]] = [("bid", lot) for lot in lots] or [("bid", None)]
    if consultation.application_expected:
        wanted.append(("application", None))
    for kind, lot in [*wanted, ("rehearsal", None)]:
        name = f"age1{kind}{lot.number if lot else ''}"
        key = OpeningKey.objects.create(
            consultation=consultation, kind=kind, lot=lot, recipient=name, fingerprint=_sha(name), threshold=1,
            canary_opened_at=clock.now() if kind == "rehearsal" and rehearsed else None,
        )  # fmt: skip
        KeyShare.objects.create(opening_key=key, custodian=held, sealed=b"sealed", commitment=_sha("share"))
    if rehearsed:
        RehearsalProof.objects.create(
            consultation=consultation, custodian=held, method="passphrase", share=b"share", at=clock.now()
        )


def published(house: Authority, buyer: UUID, **fields: Any) -> Consultation:
    """A consultation that went through every door of publication."""
    with scope.authority(house.id):
        made = a_draft(buyer, **fields)
        with_keys(made, buyer)
        return publish_consultation(made.id, actor_id=buyer)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
