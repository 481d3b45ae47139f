"""The key ceremony: the chair's browser made the opening keys and split them.

Here only sealed shares and public sides arrive.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import require_procurement
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, CustodianKey, KeyShare, Lot, OpeningKey, RehearsalProof
from parvis.procurement.models.keys import KeyKind
from parvis.procurement.selectors.keys import needed_keys, possible_custodians
from parvis.procurement.states import ConsultationState, allowed
from parvis.sealing.age.errors import AgeError
from parvis.sealing.age.header import VERSION_LINE
from parvis.sealing.age.keys import public_of
from parvis.sealing.canonical import fingerprint

HEX64 = re.compile(r"[0-9a-f]{64}")
MAX_SHARE = 4_096


@dataclass(frozen=True, slots=True)
class SealedShare:
    custodian: UUID
    sealed: bytes
    commitment: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as the browser sends it: `lot` is a number, `shares` one for each custodian."""

    kind: str
    lot: int | None
    recipient: str
    shares: tuple[SealedShare, ...]
    canary: bytes = b""
    canary_commitment: str = ""


@transaction.atomic
def hold_key_ceremony(
    consultation_id: UUID, actor: UUID, threshold: int, keys: tuple[NewKey, ...], rehearsal: NewKey
) -> None:
    """Record the keys of a draft, replacing those of an earlier ceremony, whose rehearsal no longer counts.

    Raises Refusal when the consultation is published, the authority's tool of procurement is closed, the keys are not
    exactly those needed, a custodian has no key or no longer the role, or too few custodians stand behind the
    threshold: at least one more than it when it is above one, so that a lost key loses nothing.
    """
    consultation = Consultation.objects.select_for_update().get(id=consultation_id)
    if not allowed(ConsultationState(consultation.state), "hold_key_ceremony"):
        raise Refusal("published", _("La consultation est publiée\u202f: ses clés ne changent plus."))
    require_procurement()
    lots = {lot.number: lot for lot in Lot.objects.filter(consultation=consultation)}
    places = sorted((k.kind, k.lot or 0) for k in keys)
    needed = sorted((n.kind, n.lot or 0) for n in needed_keys(consultation))
    if places != needed or (rehearsal.kind, rehearsal.lot) != (KeyKind.REHEARSAL, None):
        raise Refusal("keys_differ", _("Les lots ont changé pendant la cérémonie. Rechargez la page et recommencez."))
    custodians = _custodians(consultation.authority_id, rehearsal, threshold)
    recipients = [k.recipient for k in (*keys, rehearsal)]
    if len(set(recipients)) != len(recipients):
        raise Refusal(
            "same_key_twice", _("Deux étapes partagent une même clé. Rechargez la page et recommencez la cérémonie.")
        )
    RehearsalProof.objects.filter(consultation=consultation).delete()
    OpeningKey.objects.filter(consultation=consultation).delete()
    for key in (*keys, rehearsal):
        _record(consultation, key, lots.get(key.lot) if key.lot else None, threshold, custodians)
    audit.record(
        "keys.created",
        subject=consultation.id,
        actor=actor,
        data={
            "threshold": threshold,
            "custodians": sorted(str(c.person_id) for c in custodians.values()),
            "keys": [
                {"kind": k.kind, "lot": k.lot, "fingerprint": fingerprint(k.recipient)} for k in (*keys, rehearsal)
            ],
        },
    )


def _custodians(authority_id: UUID, rehearsal: NewKey, threshold: int) -> dict[UUID, CustodianKey]:
    """The custodians' keys, held until commit: none may be replaced while shares are sealed to it."""
    ids = {share.custodian for share in rehearsal.shares}
    rows = CustodianKey.objects.select_for_update().filter(id__in=ids, replaced_at__isnull=True).order_by("id")
    people = {custodian.person_id for custodian in possible_custodians(authority_id)}
    found = {key.id: key for key in rows if key.person_id in people}
    if found.keys() != ids or len(rehearsal.shares) != len(ids):
        message = _("La clé ou le rôle d’un détenteur a changé pendant la cérémonie. Rechargez la page et recommencez.")
        raise Refusal("custodian_changed", message)
    if threshold < 1 or len(ids) < (threshold + 1 if threshold > 1 else 1):
        message = _(
            "Pour %(k)s parts nécessaires, il faut au moins %(n)s détenteurs\u202f: "
            "si l’un perd sa clé, les plis restent ouvrables."
        )
        raise Refusal("too_few_custodians", message % {"k": threshold, "n": max(threshold + 1, 1)})
    return found


def _check(key: NewKey, custodians: dict[UUID, CustodianKey]) -> None:
    message = _(
        "Une clé n’est pas arrivée entière. Rechargez la page et recommencez la cérémonie\u202f: rien n’est enregistré."
    )
    malformed = Refusal("malformed_key", message)
    try:
        public_of(key.recipient)
    except AgeError as error:
        raise malformed from error
    if {s.custodian for s in key.shares} != custodians.keys() or len(key.shares) != len(custodians):
        raise malformed
    for share in key.shares:
        sealed = len(share.sealed) <= MAX_SHARE and share.sealed.startswith(VERSION_LINE)
        if not sealed or not HEX64.fullmatch(share.commitment):
            raise malformed
    has_canary = 0 < len(key.canary) <= MAX_SHARE and HEX64.fullmatch(key.canary_commitment) is not None
    if has_canary is not (key.kind == KeyKind.REHEARSAL):
        raise malformed


def _record(
    consultation: Consultation, key: NewKey, lot: Lot | None, threshold: int, custodians: dict[UUID, CustodianKey]
) -> None:
    _check(key, custodians)
    made = OpeningKey.objects.create(
        consultation=consultation, kind=key.kind, lot=lot, recipient=key.recipient, threshold=threshold,
        fingerprint=fingerprint(key.recipient), canary=key.canary or None, canary_commitment=key.canary_commitment,
    )  # fmt: skip
    KeyShare.objects.bulk_create(
        KeyShare(
            opening_key=made, custodian=custodians[share.custodian], sealed=share.sealed, commitment=share.commitment
        )
        for share in key.shares
    )
