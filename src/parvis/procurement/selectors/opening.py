"""What the board may see and do in its session, at each stage."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from parvis.accounts import facade as accounts
from parvis.documents import facade as documents
from parvis.procurement.contracts import SubmissionView
from parvis.procurement.models import (
    Consultation,
    Envelope,
    KeyShare,
    OpeningKey,
    OpeningSession,
    ReleasedShare,
    Submission,
)
from parvis.procurement.models.consultation import OpeningOrder
from parvis.procurement.rules import expected_envelopes, to_open
from parvis.procurement.selectors.keys import opening_keys
from parvis.sealing.age.errors import AgeError
from parvis.sealing.age.header import read_header
from parvis.sealing.canonical import b64


@dataclass(frozen=True, slots=True)
class Sorting:
    """Every submission once, in register order: the last in time of each company, those it replaces, the late ones."""

    to_open: tuple[Submission, ...]
    superseded: tuple[Submission, ...]
    late: tuple[Submission, ...]


def stages(consultation: Consultation) -> list[str]:
    """In the order of the consultation's setting (R2161-4 lets bids come first)."""
    kinds: list[str] = list(expected_envelopes(consultation.procedure, consultation.application_expected))
    return sorted(kinds, reverse=consultation.opening_order == OpeningOrder.BID_FIRST)


def sort_rows(rows: list[Submission]) -> Sorting:
    """The submissions of one consultation (or some of its companies), by rules.precedence."""
    views = [SubmissionView(str(s.id), str(s.company_id), s.number, s.stamp, s.deadline) for s in rows]
    by_id, sorting = {str(s.id): s for s in rows}, to_open(views)

    def of(ids: tuple[str, ...]) -> tuple[Submission, ...]:
        return tuple(by_id[one] for one in ids)

    return Sorting(of(sorting.to_open), of(sorting.superseded), of(sorting.late))


def sort_submissions(consultation: Consultation) -> Sorting:
    """Those that reached the register after the session's end are kept apart: see Submission.after_closing."""
    return sort_rows(list(Submission.objects.filter(consultation=consultation, after_closing=False)))


def envelopes_to_open(consultation: Consultation, key: OpeningKey) -> list[Envelope]:
    """The envelopes sealed to a key, of the submissions to open, in register order."""
    ids = [s.id for s in sort_submissions(consultation).to_open]
    found = Envelope.objects.filter(submission_id__in=ids, kind=key.kind, lot=key.lot)
    return list(found.select_related("submission", "lot").order_by("submission__number"))


def is_done(envelope: Envelope) -> bool:
    return envelope.opened_at is not None or bool(envelope.unreadable)


def stage_keys(session: OpeningSession) -> list[OpeningKey]:
    return [k for k in opening_keys(session.consultation_id) if k.kind == session.stage]


def stage_done(consultation: Consultation, stage: str) -> bool:
    """Whether every envelope to open at a stage has its result."""
    keys = [key for key in opening_keys(consultation.id) if key.kind == stage]
    return all(is_done(e) for key in keys for e in envelopes_to_open(consultation, key))


def next_stage_of(session: OpeningSession) -> str | None:
    """The first stage with an envelope left to open; None when the session may close.

    A submission stamped in time may land during the session: its envelopes then bring an earlier stage back.
    """
    left = (stage for stage in stages(session.consultation) if not stage_done(session.consultation, stage))
    return next(left, None)


def sealed_header(envelope: Envelope) -> bytes:
    """The age header of a sealed envelope, all that the session's browser needs of it.

    Empty when the file is no age file at all, or is gone.
    """
    try:
        with documents.upload_path(envelope.upload_id).open("rb") as source:
            return read_header(source).raw
    except (AgeError, OSError):
        return b""


def keys_for_session(session: OpeningSession, custodian_id: UUID | None) -> list[dict[str, Any]]:
    """The keys of the present stage, as the session's browsers read them.

    Each with my sealed share, the shares released to the session, and the headers to unwrap.
    """
    names = {
        company.id: company.name
        for company in accounts.companies(s.company_id for s in sort_submissions(session.consultation).to_open).values()
    }
    return [_key_for_session(session, key, custodian_id, names) for key in stage_keys(session)]


def _key_for_session(
    session: OpeningSession, key: OpeningKey, custodian_id: UUID | None, names: dict[UUID, str]
) -> dict[str, Any]:
    releases = list(
        ReleasedShare.objects.filter(session=session, opening_key=key, session_recipient=session.recipient)
        .select_related("custodian")
        .order_by("at")
    )
    people = accounts.people(r.custodian.person_id for r in releases)
    envelopes = envelopes_to_open(session.consultation, key)
    mine = key.shares.filter(custodian_id=custodian_id).first() if custodian_id else None
    return {
        "key_id": str(key.id),
        "kind": key.kind,
        "lot": str(key.lot.number) if key.lot else None,
        "key": key.recipient,
        "threshold": key.threshold,
        "my_share": b64(bytes(mine.sealed)) if mine else None,
        "released": [
            {
                "custodian": str(r.custodian_id),
                "name": people[r.custodian.person_id].full_name,
                "sealed": b64(bytes(r.sealed)),
            }
            for r in releases
        ],
        "i_released": any(r.custodian_id == custodian_id for r in releases),
        "opened": all(is_done(e) for e in envelopes),
        "envelopes": [
            {"id": str(e.id), "company": names[e.submission.company_id], "header": b64(sealed_header(e))}
            for e in envelopes
            if e.opened_at is None
        ],
    }


def sealed_shares(consultation: Consultation) -> dict[str, Any]:
    """The sealed shares of every opening key, as the stand-alone opener reads them.

    Useless without the custodians' own keys.
    """
    keys = opening_keys(consultation.id)
    shares = list(KeyShare.objects.filter(opening_key__in=keys).select_related("custodian"))
    people = accounts.people(s.custodian.person_id for s in shares)
    return {
        "v": 1,
        "consultation": str(consultation.id),
        "keys": [
            {
                "kind": key.kind,
                "lot": str(key.lot.number) if key.lot else None,
                "key": key.recipient,
                "threshold": key.threshold,
                "shares": [
                    {
                        "custodian": str(s.custodian_id),
                        "name": people[s.custodian.person_id].full_name,
                        "sealed": b64(bytes(s.sealed)),
                    }
                    for s in shares
                    if s.opening_key_id == key.id
                ],
            }
            for key in keys
        ],
    }
