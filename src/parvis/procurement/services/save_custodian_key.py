from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import CustodianKey, KeyShare
from parvis.procurement.states import ConsultationState
from parvis.sealing.age.errors import AgeError
from parvis.sealing.age.keys import public_of
from parvis.sealing.canonical import fingerprint

MAX_SEALED = 20_000
ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----"
LIVE = (ConsultationState.DRAFT, ConsultationState.PUBLISHED, ConsultationState.OPENING)


@transaction.atomic
def save_custodian_key(person_id: UUID, recipient: str, by_passphrase: str, by_passkey: str) -> CustodianKey:
    """Keep the public side of a custodian's key, and its private side only sealed, where the custodian wants it here.

    Replaces the earlier key. Raises Refusal for a malformed key, an unsealed private part, or when the earlier key
    still holds shares of a live consultation.
    """
    try:
        public_of(recipient)
    except AgeError as error:
        message = _("Cette clé n’a pas la forme attendue. Rechargez la page et créez-la de nouveau.")
        raise Refusal("bad_key", message) from error
    for sealed in (by_passphrase, by_passkey):
        if sealed and (not sealed.startswith(ARMOR) or len(sealed) > MAX_SEALED or "AGE-SECRET-KEY" in sealed.upper()):
            message = _(
                "La partie secrète n’est pas protégée\u202f: elle n’a pas été gardée. Rechargez la page et recommencez."
            )
            raise Refusal("not_sealed", message)
    _replace(CustodianKey.objects.select_for_update().filter(person_id=person_id, replaced_at__isnull=True).first())
    key = cast(
        CustodianKey,
        CustodianKey.objects.create(
            person_id=person_id,
            recipient=recipient,
            fingerprint=fingerprint(recipient),
            sealed_by_passphrase=by_passphrase,
            sealed_by_passkey=by_passkey,
        ),
    )
    data = {"person": str(person_id), "fingerprint": key.fingerprint}
    audit.record("keys.custodian_key_made", subject=key.id, actor=person_id, data=data)
    return key


def _replace(earlier: CustodianKey | None) -> None:
    if earlier is None:
        return
    if KeyShare.objects.filter(custodian=earlier, opening_key__consultation__state__in=LIVE).exists():
        message = _(
            "Votre clé protège une consultation en cours\u202f: "
            "elle ne peut pas être remplacée avant l’ouverture des plis."
        )
        raise Refusal("key_in_use", message)
    earlier.replaced_at = clock.now()
    earlier.save(update_fields=["replaced_at"])
