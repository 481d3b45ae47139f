"""What the custodians' browsers do, in Python: their keys, the ceremony, the rehearsal, their part of an opening."""

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from parvis.sealing import shamir
from parvis.sealing.age import (
    generate_identity,
    identity_from_secret,
    open_bytes,
    read_header,
    recipient_of,
    seal_bytes,
    seal_with_passphrase,
    unwrap,
)
from parvis.sealing.canonical import b64, canonical_bytes, parse_canonical, share_commitment, unb64
from parvis.site.demo.verbs import (
    Consultation,
    CustodianKey,
    KeyShare,
    NewKey,
    OpeningKey,
    OpeningSession,
    Present,
    ReleasedShare,
    SealedShare,
    close_opening,
    envelopes_to_open,
    hold_key_ceremony,
    needed_keys,
    next_stage,
    open_canary,
    open_envelopes,
    rehearse,
    release_share,
    save_custodian_key,
    sealed_header,
    set_session_key,
    stage_keys,
    stages,
    start_opening,
)

SECRET = 32
CANARY = 32


@dataclass(slots=True)
class Holder:
    """A custodian of one authority. `identity` and `key` come with `make_key`."""

    name: str
    quality: str
    person_id: UUID
    phrase: str
    identity: str = ""
    key: CustodianKey | None = None

    def make_key(self) -> None:
        """Makes the identity and keeps it sealed under the printed phrase, as the page « Ma clé » does."""
        self.identity = generate_identity()
        recipient = recipient_of(self.identity)
        file = f"# public key: {recipient}\n{self.identity}\n"
        self.key = save_custodian_key(self.person_id, recipient, seal_with_passphrase(file.encode(), self.phrase), "")

    @property
    def made(self) -> CustodianKey:
        if self.key is None:
            raise RuntimeError(f"{self.name} has no key yet")
        return self.key


def hold_ceremony(consultation: Consultation, actor_id: UUID, holders: Sequence[Holder], k: int) -> None:
    """Opening keys for every stage and lot, and the rehearsal key with its canary, split k of n (sealed-bid.md)."""
    keys = tuple(_new_key(consultation.id, one.kind, one.lot, holders, k) for one in needed_keys(consultation))
    hold_key_ceremony(consultation.id, actor_id, k, keys, _new_key(consultation.id, "rehearsal", None, holders, k))


def _new_key(consultation_id: UUID, kind: str, lot: int | None, holders: Sequence[Holder], k: int) -> NewKey:
    secret = secrets.token_bytes(SECRET)
    recipient = recipient_of(identity_from_secret(secret))
    shares = []
    for holder, raw in zip(holders, shamir.split(secret, len(holders), k), strict=True):
        content = {
            "v": 1, "consultation": str(consultation_id), "kind": kind, "lot": str(lot) if lot else None,
            "key": recipient, "k": k, "n": len(holders), "share": b64(raw),
        }  # fmt: skip
        shares.append(
            SealedShare(
                holder.made.id, seal_bytes(canonical_bytes(content), holder.made.recipient), share_commitment(raw)
            )
        )
    if kind != "rehearsal":
        return NewKey(kind, lot, recipient, tuple(shares))
    canary = secrets.token_bytes(CANARY)
    return NewKey(kind, lot, recipient, tuple(shares), seal_bytes(canary, recipient), share_commitment(canary))


def raw_share(holder: Holder, share: KeyShare) -> bytes:
    content: dict[str, Any] = parse_canonical(open_bytes(bytes(share.sealed), holder.identity))
    return unb64(content["share"])


def rehearse_alone(consultation: Consultation, holder: Holder) -> None:
    """Opens every share of a custodian, proves it, and opens the canary once enough of them have."""
    shares = list(
        KeyShare.objects.filter(opening_key__consultation=consultation, custodian=holder.made).select_related(
            "opening_key"
        )
    )
    raws = {share.opening_key_id: raw_share(holder, share) for share in shares}
    trial: OpeningKey = next(share.opening_key for share in shares if share.opening_key.kind == "rehearsal")
    proofs = {key_id: share_commitment(raw) for key_id, raw in raws.items()}
    released = rehearse(consultation.id, holder.made, "passphrase", proofs, raws[trial.id])
    if len(released) >= trial.threshold:
        identity = shamir.combine_opening_key(released[: trial.threshold], trial.threshold, trial.recipient)
        open_canary(consultation.id, holder.person_id, open_bytes(bytes(trial.canary or b""), identity))


def hold_session(
    consultation: Consultation, chair: Holder, holders: Sequence[Holder], witnesses: Sequence[Present]
) -> None:
    """The whole session of an opening: every stage, with the shares of `holders`, then the minutes."""
    present = tuple(Present(one.name, one.quality, one.person_id) for one in holders)
    session = start_opening(consultation.id, chair.person_id, (*present, *witnesses))
    for rank, _stage in enumerate(stages(consultation)):
        if rank:
            next_stage(consultation.id, chair.person_id)
        session_identity = generate_identity()
        set_session_key(consultation.id, chair.person_id, recipient_of(session_identity))
        session.refresh_from_db()
        for key in stage_keys(session):
            _open_stage(session, key, chair, holders, session_identity)
    close_opening(consultation.id, chair.person_id)


def _open_stage(
    session: OpeningSession, key: OpeningKey, chair: Holder, holders: Sequence[Holder], session_identity: str
) -> None:
    for holder in holders[: key.threshold]:
        share = KeyShare.objects.get(opening_key=key, custodian=holder.made)
        again = seal_bytes(open_bytes(bytes(share.sealed), holder.identity), session.recipient)
        release_share(session.consultation_id, holder.made, key.id, again, "passphrase")
    released = ReleasedShare.objects.filter(session=session, opening_key=key, session_recipient=session.recipient)
    raws = [unb64(parse_canonical(open_bytes(bytes(one.sealed), session_identity))["share"]) for one in released]
    identity = shamir.combine_opening_key(raws, key.threshold, key.recipient)
    waiting = envelopes_to_open(session.consultation, key)
    if waiting:
        file_keys: dict[UUID, bytes | None] = {one.id: file_key(sealed_header(one), identity) for one in waiting}
        open_envelopes(session.consultation_id, chair.person_id, key.id, file_keys)


def file_key(header: bytes, identity: str) -> bytes:
    return unwrap(read_header(io.BytesIO(header)), identity)
