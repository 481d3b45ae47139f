import hmac
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, CustodianKey, KeyShare, RehearsalProof
from parvis.procurement.models.keys import KeyKind
from parvis.procurement.selectors.keys import opening_keys
from parvis.sealing.canonical import share_commitment


@transaction.atomic
def rehearse(consultation_id: UUID, custodian: CustodianKey, method: str, proofs: dict[UUID, str], share: bytes) -> list[bytes]:
    """Record that a custodian opened every one of their shares; the rehearsal shares released so far.

    `proofs`: opening key -> commitment (hex) of the share as the custodian's browser found it. Raises Refusal when one is missing or differs.
    """
    consultation = Consultation.objects.select_for_update().get(id=consultation_id)
    shares = list(KeyShare.objects.filter(opening_key__consultation=consultation, custodian=custodian).select_related("opening_key"))
    if not shares:
        raise Refusal("no_share", _("Vous ne détenez aucune part des clés de cette consultation."))
    if method not in {"passphrase", "passkey"}:
        raise Refusal("method", _("La façon d’ouvrir votre clé n’est pas reconnue. Rechargez la page."))
    for kept in shares:
        if not hmac.compare_digest(proofs.get(kept.opening_key_id, ""), kept.commitment):
            message = _("Une de vos parts ne s’ouvre pas comme prévu. Prévenez le président\u202f: la cérémonie des clés est à refaire.")
            raise Refusal("share_differs", message)
    rehearsal = next(s for s in shares if s.opening_key.kind == KeyKind.REHEARSAL)
    if not hmac.compare_digest(share_commitment(share), rehearsal.commitment):
        raise Refusal("share_differs", _("La part de répétition n’est pas la bonne. Rechargez la page et recommencez."))
    _proof, new = RehearsalProof.objects.update_or_create(
        consultation=consultation, custodian=custodian, defaults={"method": method, "share": share, "at": clock.now()}
    )
    audit.record("keys.rehearsed", subject=consultation.id, actor=custodian.person_id, data={"method": method, "again": not new})
    return [bytes(p.share) for p in RehearsalProof.objects.filter(consultation=consultation).order_by("at")]


@transaction.atomic
def open_canary(consultation_id: UUID, actor: UUID, canary: bytes) -> None:
    """Record that a browser joined enough rehearsal shares to open the canary. Raises Refusal when it is not the canary."""
    key = next(iter(opening_keys(consultation_id, rehearsal=True)), None)
    if key is None or not hmac.compare_digest(share_commitment(canary), key.canary_commitment):
        message = _("Le témoin ne s’est pas ouvert\u202f: les parts réunies ne rendent pas la clé. La cérémonie des clés est à refaire.")
        raise Refusal("canary_differs", message)
    if key.canary_opened_at is None:
        key.canary_opened_at = clock.now()
        key.save(update_fields=["canary_opened_at"])
        audit.record("keys.canary_opened", subject=consultation_id, actor=actor, data={"threshold": key.threshold})
