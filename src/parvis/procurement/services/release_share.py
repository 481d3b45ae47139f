from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import CustodianKey, KeyShare, OpeningSession, ReleasedShare
from parvis.procurement.services.rehearse import METHODS
from parvis.sealing.age.errors import AgeError
from parvis.sealing.age.header import VERSION_LINE
from parvis.sealing.age.keys import public_of

MAX_SHARE = 4_096


def _running(consultation_id: UUID) -> OpeningSession:
    running = OpeningSession.objects.filter(consultation_id=consultation_id, closed_at__isnull=True)
    session: OpeningSession | None = running.select_for_update().first()
    if session is None:
        raise Refusal("no_session", _("La séance n’est pas ouverte, ou elle est close. Rechargez la page."))
    return session


@transaction.atomic
def set_session_key(consultation_id: UUID, actor: UUID, recipient: str) -> None:
    """The presiding browser's ephemeral key, to which custodians seal their shares again; earlier releases are void.

    Raises Refusal for a malformed key, or for someone who does not preside this session.
    """
    session = _running(consultation_id)
    if session.chair_id != actor:
        message = _("Une autre personne préside cette séance\u202f: c’est depuis son poste que les plis s’ouvrent.")
        raise Refusal("not_chair", message)
    try:
        public_of(recipient)
    except AgeError as error:
        raise Refusal("bad_key", _("La clé de séance n’a pas la forme attendue. Rechargez la page.")) from error
    session.recipient = recipient
    session.save(update_fields=["recipient"])
    audit.record("opening.session_key", subject=consultation_id, actor=actor, data={"recipient": recipient})


@transaction.atomic
def release_share(consultation_id: UUID, custodian: CustodianKey, key_id: UUID, sealed: bytes, method: str) -> None:
    """A custodian gives their share of a key of the present stage, sealed to the session.

    Giving it twice changes nothing. Raises Refusal for another stage's key, someone who holds no share of it, or while
    no browser presides.
    """
    session = _running(consultation_id)
    if not session.recipient:
        message = _(
            "Le président n’a pas encore ouvert la séance sur son poste. Attendez son signal, puis recommencez."
        )
        raise Refusal("no_session_key", message)
    held = KeyShare.objects.filter(custodian=custodian, opening_key__consultation_id=consultation_id)
    share = held.filter(opening_key_id=key_id).select_related("opening_key").first()
    if share is None or share.opening_key.kind != session.stage:
        raise Refusal("not_this_stage", _("Cette part n’est pas celle de l’étape en cours. Rechargez la page."))
    if method not in METHODS:
        raise Refusal("method", _("La façon d’ouvrir votre clé n’est pas reconnue. Rechargez la page."))
    if not sealed.startswith(VERSION_LINE) or len(sealed) > MAX_SHARE:
        raise Refusal("not_sealed", _("La part n’est pas arrivée protégée. Rechargez la page et recommencez."))
    _release, new = ReleasedShare.objects.get_or_create(
        opening_key_id=key_id, custodian=custodian, session_recipient=session.recipient,
        defaults={"session": session, "sealed": sealed, "method": method, "at": clock.now()},
    )  # fmt: skip
    if new:
        audit.record(
            "keys.share_released",
            subject=consultation_id,
            actor=custodian.person_id,
            data={"key": str(key_id), "stage": session.stage, "method": method},
        )
