import hmac
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import require_procurement
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, CustodianKey, KeyShare, RehearsalProof
from parvis.procurement.models.keys import KeyKind
from parvis.procurement.selectors.keys import opening_keys
from parvis.procurement.states import ConsultationState, allowed
from parvis.sealing.canonical import share_commitment

METHODS = frozenset({"passphrase", "passkey"})


@transaction.atomic
def rehearse(
    consultation_id: UUID, custodian: CustodianKey, method: str, proofs: dict[UUID, str], share: bytes
) -> list[bytes]:
    """Record that a custodian opened every one of their shares; the rehearsal shares released so far.

    `proofs`: opening key -> commitment (hex) of the share as the custodian's browser found it. Raises Refusal when one
    is missing or differs, or once the consultation is published.
    """
    consultation = _draft(consultation_id, "rehearse")
    held = KeyShare.objects.filter(opening_key__consultation=consultation, custodian=custodian)
    shares = list(held.select_related("opening_key"))
    if not shares:
        raise Refusal("no_share", _("Vous ne détenez aucune part des clés de cette consultation."))
    if method not in METHODS:
        raise Refusal("method", _("La façon d’ouvrir votre clé n’est pas reconnue. Rechargez la page."))
    for kept in shares:
        if not _same(proofs.get(kept.opening_key_id, ""), kept.commitment):
            message = _(
                "Une de vos parts ne s’ouvre pas comme prévu. Prévenez le président\u202f: "
                "la cérémonie des clés est à refaire."
            )
            raise Refusal("share_differs", message)
    rehearsal = next(s for s in shares if s.opening_key.kind == KeyKind.REHEARSAL)
    if not _same(share_commitment(share), rehearsal.commitment):
        message = _("La part de répétition n’est pas la bonne. Rechargez la page et recommencez.")
        raise Refusal("share_differs", message)
    _proof, new = RehearsalProof.objects.update_or_create(
        consultation=consultation,
        custodian=custodian,
        defaults={"method": method, "share": share, "at": clock.now()},
    )
    data = {"method": method, "again": not new}
    audit.record("keys.rehearsed", subject=consultation.id, actor=custodian.person_id, data=data)
    return [bytes(p.share) for p in RehearsalProof.objects.filter(consultation=consultation).order_by("at")]


@transaction.atomic
def open_canary(consultation_id: UUID, actor: UUID, canary: bytes) -> None:
    """Record that a browser joined enough rehearsal shares to open the canary.

    Raises Refusal when it is not the canary, too few custodians rehearsed, or the consultation is published.
    """
    consultation = _draft(consultation_id, "open_canary")
    key = next(iter(opening_keys(consultation_id, rehearsal=True)), None)
    if key is None or not _same(share_commitment(canary), key.canary_commitment):
        message = _(
            "Le témoin ne s’est pas ouvert\u202f: les parts réunies ne rendent pas la clé. "
            "La cérémonie des clés est à refaire."
        )
        raise Refusal("canary_differs", message)
    rehearsed = RehearsalProof.objects.filter(consultation=consultation).count()
    if rehearsed < key.threshold:
        message = _("Il faut %(k)s détenteurs pour ouvrir le témoin\u202f; %(n)s ont répété. Attendez les autres.")
        raise Refusal("too_few_rehearsed", message % {"k": key.threshold, "n": rehearsed})
    if key.canary_opened_at is None:
        key.canary_opened_at = clock.now()
        key.save(update_fields=["canary_opened_at"])
        audit.record("keys.canary_opened", subject=consultation_id, actor=actor, data={"threshold": key.threshold})


def _draft(consultation_id: UUID, verb: str) -> Consultation:
    consultation: Consultation = Consultation.objects.select_for_update().get(id=consultation_id)
    if not allowed(ConsultationState(consultation.state), verb):
        raise Refusal("published", _("La consultation est publiée\u202f: la répétition est terminée."))
    require_procurement()
    return consultation


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
