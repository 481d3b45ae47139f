"""What the board may see and do in its session, at each stage."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from parvis.accounts import facade as accounts
from parvis.documents import facade as documents
from parvis.procurement.models import Consultation, Envelope, OpeningKey, OpeningSession, ReleasedShare, Submission
from parvis.procurement.models.consultation import OpeningOrder
from parvis.procurement.selectors.keys import opening_keys
from parvis.sealing.age.errors import AgeError
from parvis.sealing.age.header import read_header
from parvis.sealing.canonical import b64

HEADER_LIMIT = 4_096


@dataclass(frozen=True, slots=True)
class Sorting:
    """Every submission once: the last in time of each company, those it replaces, and the late ones."""

    to_open: tuple[Submission, ...]
    superseded: tuple[Submission, ...]
    late: tuple[Submission, ...]


def stages(consultation: Consultation) -> list[str]:
    """In the order of the consultation's setting (R2161-4 lets bids come first)."""
    if not consultation.application_expected:
        return ["bid"]
    return ["bid", "application"] if consultation.opening_order == OpeningOrder.BID_FIRST else ["application", "bid"]


def sort_submissions(consultation: Consultation) -> Sorting:
    """R2151-6: only the last in time of a company is opened. Same stamp: the higher number is the later one."""
    rows = list(Submission.objects.filter(consultation=consultation).order_by("stamp", "number"))
    last = {s.company_id: s for s in rows if s.on_time}
    return Sorting(
        to_open=tuple(sorted(last.values(), key=lambda s: s.number)),
        superseded=tuple(s for s in rows if s.on_time and last[s.company_id].id != s.id),
        late=tuple(s for s in rows if not s.on_time),
    )


def envelopes_to_open(consultation: Consultation, key: OpeningKey) -> list[Envelope]:
    """The envelopes sealed to a key, of the submissions to open, in register order."""
    ids = [s.id for s in sort_submissions(consultation).to_open]
    found = Envelope.objects.filter(submission_id__in=ids, kind=key.kind, lot=key.lot).select_related("submission", "lot")
    return list(found.order_by("submission__number"))


def is_done(envelope: Envelope) -> bool:
    return envelope.opened_at is not None or bool(envelope.unreadable)


def stage_keys(session: OpeningSession) -> list[OpeningKey]:
    return [k for k in opening_keys(session.consultation_id) if k.kind == session.stage]


def stage_done(session: OpeningSession) -> bool:
    consultation = session.consultation
    return all(is_done(e) for key in stage_keys(session) for e in envelopes_to_open(consultation, key))


def sealed_header(envelope: Envelope) -> bytes:
    """The age header of a sealed envelope, all that the session's browser needs of it; empty when the file is no age file at all."""
    with documents.upload_path(envelope.upload_id).open("rb") as source:
        try:
            return read_header(source).raw
        except AgeError:
            return b""


def keys_for_session(session: OpeningSession, custodian_id: UUID | None) -> list[dict[str, Any]]:
    """The keys of the present stage, as the session's browsers read them: my sealed share, the shares released to the session, the headers to unwrap."""
    companies = accounts.companies(s.company_id for s in sort_submissions(session.consultation).to_open)
    found = []
    for key in stage_keys(session):
        releases = [
            r
            for r in ReleasedShare.objects.filter(session=session, opening_key=key).select_related("custodian").order_by("at")
            if r.session_recipient == session.recipient
        ]
        people = accounts.people(r.custodian.person_id for r in releases)
        envelopes = envelopes_to_open(session.consultation, key)
        mine = key.shares.filter(custodian_id=custodian_id).first() if custodian_id else None
        found.append(
            {
                "key_id": str(key.id),
                "kind": key.kind,
                "lot": str(key.lot.number) if key.lot else None,
                "key": key.recipient,
                "threshold": key.threshold,
                "my_share": b64(bytes(mine.sealed)) if mine else None,
                "released": [
                    {"custodian": str(r.custodian_id), "name": people[r.custodian.person_id].full_name, "sealed": b64(bytes(r.sealed))}
                    for r in releases
                ],
                "i_released": any(r.custodian_id == custodian_id for r in releases),
                "opened": all(is_done(e) for e in envelopes),
                "envelopes": [
                    {"id": str(e.id), "company": companies[e.submission.company_id].name, "header": b64(sealed_header(e))}
                    for e in envelopes
                    if e.opened_at is None
                ],
            }
        )
    return found
