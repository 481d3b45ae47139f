"""A published consultation with its keys, deposits and an opening, made in Python as the browsers make them."""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from parvis.accounts.contracts import CompanyView
from parvis.accounts.models import Company, Person
from parvis.accounts.selectors import company_view
from parvis.authorities.contracts import AuthorityView
from parvis.authorities.models import Authority
from parvis.authorities.selectors import view as authority_view
from parvis.documents.services.create_upload import create_upload
from parvis.documents.services.receive_part import Part, receive_part
from parvis.documents.services.trace_attempt import Visitor
from parvis.kit import clock, scope
from parvis.procurement.models import (
    Consultation,
    CustodianKey,
    Envelope,
    KeyShare,
    Lot,
    OpeningKey,
    OpeningSession,
    ReleasedShare,
    Submission,
)
from parvis.procurement.selectors.keys import needed_keys, opening_keys
from parvis.procurement.selectors.opening import envelopes_to_open, keys_for_session
from parvis.procurement.services.close_opening import close_opening, next_stage
from parvis.procurement.services.hold_key_ceremony import NewKey, SealedShare, hold_key_ceremony
from parvis.procurement.services.list_publicly import list_publicly
from parvis.procurement.services.open_envelopes import Outcome, open_envelopes
from parvis.procurement.services.rehearse import open_canary, rehearse
from parvis.procurement.services.release_share import release_share, set_session_key
from parvis.procurement.services.save_custodian_key import save_custodian_key
from parvis.procurement.services.seal_submission import Seal, SealedEnvelope, seal_submission
from parvis.procurement.services.start_opening import Present, start_opening
from parvis.sealing.age import (
    generate_identity,
    open_bytes,
    read_header,
    recipient_of,
    seal_bytes,
    secret_of,
    unwrap,
)
from parvis.sealing.age.errors import AgeError
from parvis.sealing.canonical import b64, canonical_bytes, share_commitment, unb64
from parvis.sealing.manifest import Manifest, ManifestFile, write_envelope
from parvis.sealing.shamir import combine_opening_key, split
from tests.world import a_company, a_person, an_agent, an_authority

T = datetime(2026, 12, 1, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)
Files = Mapping[str, bytes]
SOME_FILES: Files = {"DC1.pdf": b"%PDF-1.7 candidature", "mémoire technique.pdf": b"%PDF-1.7 " + b"x" * 70_000}


@dataclass
class Custodian:
    """A person of the board, and the identity that only their own browser holds."""

    person: Person
    identity: str
    key: CustodianKey


@dataclass
class SealedFile:
    """What a company's browser makes for one envelope."""

    kind: str
    lot: int | None
    data: bytes
    commitment: str
    manifest: Manifest

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class World:
    house: Authority
    buyer: Person
    custodians: list[Custodian]
    consultation: Consultation
    threshold: int = 2
    session_identity: str = field(default_factory=generate_identity)

    @property
    def view(self) -> AuthorityView:
        return authority_view(self.house)

    @property
    def chair(self) -> Person:
        return self.custodians[0].person

    @property
    def deadline(self) -> datetime:
        assert self.consultation.deadline
        return self.consultation.deadline

    def again(self) -> Consultation:
        """The consultation as the database has it now."""
        with scope.authority(self.house.id):
            self.consultation = Consultation.objects.get(id=self.consultation.id)
        return self.consultation


def a_draft(
    slug: str = "valbruche",
    lots: int = 2,
    procedure: str = "open",
    deadline: datetime = T,
    application_expected: bool = True,
    **fields: Any,
) -> World:
    """An authority with a buyer and three custodians who have their keys; a consultation that has none yet."""
    house = an_authority(slug)
    board = (("board_chair", "Claude Présidente"), ("board_delegate", "Sacha Délégué"), ("board_member", "Lou Membre"))
    people = [an_agent(house, role, f"{name} {slug}") for role, name in board]
    with scope.authority(house.id):
        custodians = []
        for person in people:
            identity = generate_identity()
            custodians.append(
                Custodian(person, identity, save_custodian_key(person.id, recipient_of(identity), "", ""))
            )
        consultation = Consultation.objects.create(
            reference="2026-T-001",
            title="Réfection de la toiture",
            procedure=procedure,
            nature="works",
            deadline=deadline,
            documents_version="0" * 64,
            application_expected=application_expected,
            **fields,
        )
        for number in range(1, lots + 1):
            Lot.objects.create(consultation=consultation, number=number, title=f"Lot d’essai {number}")
    return World(house, an_agent(house, "buyer", f"Andrea Acheteuse {slug}"), custodians, consultation)


def new_key(world: World, kind: str, lot: int | None, threshold: int) -> tuple[NewKey, dict[UUID, bytes], str]:
    """A key split as the chair's browser does it: what is posted, each custodian key's raw share, the identity."""
    identity = generate_identity()
    recipient = recipient_of(identity)
    raw = split(secret_of(identity), len(world.custodians), threshold)
    shares, by_custodian = [], {}
    for custodian, share in zip(world.custodians, raw, strict=True):
        content = {
            "v": 1, "consultation": str(world.consultation.id), "kind": kind, "lot": None if lot is None else str(lot),
            "key": recipient, "k": threshold, "n": len(raw), "share": b64(share),
        }  # fmt: skip
        sealed = seal_bytes(canonical_bytes(content), recipient_of(custodian.identity))
        shares.append(SealedShare(custodian.key.id, sealed, share_commitment(share)))
        by_custodian[custodian.key.id] = share
    return NewKey(kind, lot, recipient, tuple(shares)), by_custodian, identity


def ceremony(world: World, threshold: int = 2) -> bytes:
    """Hold the ceremony; returns the canary."""
    world.threshold = threshold
    with scope.authority(world.house.id):
        keys = tuple(new_key(world, need.kind, need.lot, threshold)[0] for need in needed_keys(world.consultation))
        made, _, identity = new_key(world, "rehearsal", None, threshold)
        canary = uuid4().bytes + uuid4().bytes
        sealed = seal_bytes(canary, recipient_of(identity))
        rehearsal = NewKey("rehearsal", None, made.recipient, made.shares, sealed, share_commitment(canary))
        hold_key_ceremony(world.consultation.id, world.chair.id, threshold, keys, rehearsal)
    return canary


def raw_share(custodian: Custodian, share: KeyShare) -> bytes:
    """What the custodian's browser finds in a sealed share."""
    return unb64(json.loads(open_bytes(bytes(share.sealed), custodian.identity))["share"])


def rehearsed_by(world: World, custodian: Custodian, method: str = "passphrase") -> list[bytes]:
    """The custodian opens all of their shares; the rehearsal shares released so far."""
    with scope.authority(world.house.id):
        held = KeyShare.objects.filter(custodian=custodian.key, opening_key__consultation=world.consultation)
        proofs, mine = {}, b""
        for share in held.select_related("opening_key"):
            raw = raw_share(custodian, share)
            proofs[share.opening_key_id] = share_commitment(raw)
            if share.opening_key.kind == "rehearsal":
                mine = raw
        return rehearse(world.consultation.id, custodian.key, method, proofs, mine)


def open_the_canary(world: World, released: list[bytes]) -> None:
    with scope.authority(world.house.id):
        key = opening_keys(world.consultation.id, rehearsal=True)[0]
        identity = combine_opening_key(released[: key.threshold], key.threshold, key.recipient)
        canary = open_bytes(bytes(key.canary or b""), identity)
        open_canary(world.consultation.id, world.chair.id, canary)


def made_ready(world: World, threshold: int = 2) -> World:
    """Ceremony and rehearsal, all done."""
    ceremony(world, threshold)
    released: list[bytes] = []
    for custodian in world.custodians:
        released = rehearsed_by(world, custodian)
    open_the_canary(world, released)
    return world


def published(world: World | None = None, threshold: int = 2, **draft: Any) -> World:
    """A published consultation with its keys. The rest of the form is not our subject: it is published directly."""
    world = made_ready(world or a_draft(**draft), threshold)
    with scope.authority(world.house.id):
        consultation = world.consultation
        consultation.state, consultation.published_at = "published", world.deadline - timedelta(days=30)
        consultation.save()
        list_publicly(consultation)
    return world


def company(name: str = "Toitures Invention", siret: str = "73282932000074") -> Company:
    person = a_person(f"Gérance {name}")
    return a_company(name, siret, (person,))


def companies(count: int) -> list[Company]:
    """Companies without people: enough to deposit through the services."""
    return Company.objects.bulk_create(
        Company(name=f"Entreprise {n}", siret=f"{10_000_000_000_000 + n:014d}") for n in range(1, count + 1)
    )


def sealed_file(
    world: World, owner: Company, kind: str, lot: int | None, files: Files = SOME_FILES, **changes: Any
) -> SealedFile:
    """Seal documents as the browser does. `changes`: fields of the manifest to falsify; `sealed_to`: another key."""
    sealed_to = changes.pop("sealed_to", None)
    with scope.authority(world.house.id):
        found = [k for k in opening_keys(world.consultation.id) if (k.kind, k.lot and k.lot.number) == (kind, lot)]
    listed = tuple(ManifestFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items())
    fields: dict[str, Any] = {
        "platform": "parvis.example/registre", "consultation": str(world.consultation.id),
        "reference": world.consultation.reference, "lot": None if lot is None else str(lot), "kind": kind,
        "siret": owner.siret, "company": owner.name, "files": listed, "deadline": "2026-12-01T11:00:00Z",
        "documents_version": world.consultation.documents_version, "key": found[0].recipient,
        "salt": hashlib.sha256(uuid4().bytes).hexdigest(),
    }  # fmt: skip
    manifest = Manifest(**{**fields, **changes})
    tar = io.BytesIO()
    write_envelope(tar, manifest, [io.BytesIO(data) for data in files.values()])
    data = seal_bytes(tar.getvalue(), sealed_to or found[0].recipient)
    return SealedFile(kind, lot, data, manifest.commitment, manifest)


def uploaded(world: World, owner: Company, data: bytes, whole: bool = True) -> UUID:
    """Bytes pushed through the uploads of the documents room; cut in their middle unless `whole`."""
    visitor = Visitor(world.house.id, owner.id, world.consultation.id, None)
    upload = create_upload(visitor, len(data), 10**9, {})
    sent = data if whole else data[: len(data) // 2]
    receive_part(visitor, upload, Part(0, len(sent), None, [sent]))
    return upload


def announced(world: World, owner: Company, sealed: SealedFile) -> SealedEnvelope:
    """Upload a sealed file, and the line of the seal that announces it."""
    upload = uploaded(world, owner, sealed.data)
    return SealedEnvelope(sealed.kind, sealed.lot, upload, len(sealed.data), sealed.sha256, sealed.commitment)


def envelopes_for(
    world: World, owner: Company, lots: Iterable[int | None] = (1, 2), files: Files = SOME_FILES
) -> tuple[SealedEnvelope, ...]:
    """An application where one is asked for, and a bid for each of these lots, uploaded."""
    with scope.authority(world.house.id):
        kinds = {need.kind for need in needed_keys(world.consultation)}
    sealed = [sealed_file(world, owner, "application", None, files)] if "application" in kinds else []
    if "bid" in kinds:
        sealed += [sealed_file(world, owner, "bid", lot, files) for lot in lots]
    return tuple(announced(world, owner, one) for one in sealed)


def sealed_at(
    world: World, owner: Company, stamp: datetime, envelopes: tuple[SealedEnvelope, ...], key: UUID | None = None
) -> tuple[Submission, bool]:
    with scope.authority(world.house.id):
        asked = Seal(key or uuid4(), envelopes, stamp)
        view: CompanyView = company_view(owner)
        return seal_submission(world.consultation.id, view, uuid4(), world.view, asked)


def deposited(world: World, owner: Company, stamp: datetime, lots: Iterable[int | None] = (1, 2)) -> Submission:
    return sealed_at(world, owner, stamp, envelopes_for(world, owner, lots))[0]


def session_started(world: World, at: datetime | None = None) -> OpeningSession:
    """The session, and the presiding browser's ephemeral key."""
    with clock.frozen_at(at or world.deadline + MINUTE), scope.authority(world.house.id):
        chair = world.custodians[0].person
        present = tuple(Present(c.person.full_name, "Membre de la commission", c.person.id) for c in world.custodians)
        session = start_opening(world.consultation.id, chair.id, present)
        set_session_key(world.consultation.id, chair.id, recipient_of(world.session_identity))
        return session


def released_by(world: World, custodian: Custodian, at: datetime | None = None) -> None:
    """The custodian re-seals each share of the present stage to the session."""
    with clock.frozen_at(at or world.deadline + 2 * MINUTE), scope.authority(world.house.id):
        session = OpeningSession.objects.get(consultation=world.consultation)
        held = KeyShare.objects.filter(
            custodian=custodian.key, opening_key__consultation=world.consultation, opening_key__kind=session.stage
        )
        for share in held:
            content = open_bytes(bytes(share.sealed), custodian.identity)
            again = seal_bytes(content, recipient_of(world.session_identity))
            release_share(world.consultation.id, custodian.key, share.opening_key_id, again, "passphrase")


def rejoined(world: World, key: OpeningKey) -> str:
    """The opening identity, as the session's browser rejoins it from the shares released to it."""
    with scope.authority(world.house.id):
        shares = [
            unb64(json.loads(open_bytes(bytes(r.sealed), world.session_identity))["share"])
            for r in ReleasedShare.objects.filter(
                opening_key=key, session_recipient=recipient_of(world.session_identity)
            )
        ]
    return combine_opening_key(shares[: key.threshold], key.threshold, key.recipient)


def file_keys(world: World, key: OpeningKey) -> dict[UUID, bytes | None]:
    """Each header that the server shows for a key, unwrapped; None where it is not sealed to it."""
    identity = rejoined(world, key)
    with scope.authority(world.house.id):
        session = OpeningSession.objects.select_related("consultation").get(consultation=world.consultation)
        shown = next(k for k in keys_for_session(session, None) if k["key_id"] == str(key.id))
    found: dict[UUID, bytes | None] = {}
    for envelope in shown["envelopes"]:
        try:
            found[UUID(envelope["id"])] = unwrap(read_header(io.BytesIO(unb64(envelope["header"]))), identity)
        except AgeError:
            found[UUID(envelope["id"])] = None
    return found


def keys_of(world: World, kind: str) -> list[OpeningKey]:
    with scope.authority(world.house.id):
        return [key for key in opening_keys(world.consultation.id) if key.kind == kind]


def opened_with(world: World, key: OpeningKey, given: Mapping[UUID, bytes | None] | None = None) -> list[Outcome]:
    given = file_keys(world, key) if given is None else given
    with clock.frozen_at(world.deadline + 3 * MINUTE), scope.authority(world.house.id):
        return open_envelopes(world.consultation.id, world.chair.id, key.id, given)


def stage_opened(world: World, kind: str) -> list[Outcome]:
    """Two custodians give their shares, and all the envelopes of a stage are opened."""
    for custodian in world.custodians[: world.threshold]:
        released_by(world, custodian)
    return [outcome for key in keys_of(world, kind) for outcome in opened_with(world, key)]


def moved_on(world: World) -> str:
    """The next stage, and the session's key for it: each stage has its own."""
    with clock.frozen_at(world.deadline + 4 * MINUTE), scope.authority(world.house.id):
        stage = next_stage(world.consultation.id, world.chair.id)
        world.session_identity = generate_identity()
        set_session_key(world.consultation.id, world.chair.id, recipient_of(world.session_identity))
        return stage


def closed(world: World) -> OpeningSession:
    with clock.frozen_at(world.deadline + 5 * MINUTE), scope.authority(world.house.id):
        return close_opening(world.consultation.id, world.chair.id)


def whole_opening(world: World) -> OpeningSession:
    session_started(world)
    stage_opened(world, "application")
    moved_on(world)
    stage_opened(world, "bid")
    return closed(world)


def waiting_envelopes(world: World, kind: str) -> list[Envelope]:
    with scope.authority(world.house.id):
        return [e for key in keys_of(world, kind) for e in envelopes_to_open(world.consultation, key)]
