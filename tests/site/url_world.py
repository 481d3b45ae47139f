"""Two communes and their people, and in one of them a consultation at each stage, for the table of addresses."""

import copy
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parvis.accounts.facade import companies_of
from parvis.accounts.models import Person
from parvis.appointments.links import booking_key, waiting_key, wall_key
from parvis.appointments.models import HoursException, Resource
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.join_waiting import Wish, join_waiting
from parvis.audit.services.anchor_leaves import anchor_leaves
from parvis.authorities.facade import authority_by_slug
from parvis.authorities.models import Authority
from parvis.documents import facade as documents
from parvis.documents.services.create_upload import create_upload
from parvis.documents.services.receive_part import Part, receive_part
from parvis.documents.services.trace_attempt import Visitor
from parvis.kit import clock, scope
from parvis.kit.ids import new_id
from parvis.procurement.contracts import AwardInput
from parvis.procurement.models import (
    Consultation,
    Envelope,
    OpenedDocument,
    OpeningSession,
    ProcurementDocument,
    Submission,
)
from parvis.procurement.services.open_test_consultation import open_test_consultation
from parvis.procurement.services.record_award import record_award
from parvis.procurement.services.seal_submission import Seal, SealedEnvelope, seal_submission
from parvis.procurement.services.start_opening import Present, start_opening
from tests.appointments.agenda_world import a_booking, a_hold, a_place, a_reason, an_agenda
from tests.procurement.draft_world import a_draft, published
from tests.site.url_pooling import pooling_ids
from tests.world import a_company, a_person, an_agent, an_authority, signed_in

HERE, THERE, WHOLE = "valbruche", "autre-rive", "grande-vallee"
OWNER_NAMES = {
    "buyer": "Aude Acheteuse",
    "administrator": "Adam Administrateur",
    "board_chair": "Paule Présidente",
    "board_member": "Max Membre",
    "observer": "Olga Observatrice",
    "desk_agent": "Anne Accueil",
    "desk_manager": "Régis Responsable",
    "referent": "Rita Référente",
    "finance_agent": "Fanny Finances",
}


@dataclass
class World:
    """`ids`: what the addresses name; `clients`: one browser for each column of the table."""

    ids: dict[str, Any]
    clients: dict[str, Client] = field(default_factory=dict)


def build() -> World:
    """Everything is made by the services that the pages call, but the end of the session, which needs people's keys."""
    whole = an_authority(WHOLE, kind="agglomeration")
    here, there = an_authority(HERE), an_authority(THERE)
    agents = {role: an_agent(here, role, name) for role, name in OWNER_NAMES.items()}
    buyer, chair = agents["buyer"].id, agents["board_chair"].id
    firm = a_person("Elsa Entreprise")
    company = a_company(people=(firm,))
    with scope.authority(here.id):
        draft = a_draft(buyer)
        draft_document = ProcurementDocument.objects.filter(consultation=draft).first()
    current = published(here, buyer)
    with clock.frozen_at(clock.now() - timedelta(days=40)):
        past = published(here, buyer)
    with scope.authority(here.id):
        submission = _deposited(past, firm, here, stamp_before=timedelta(days=1))
        early = _deposited(current, firm, here, stamp_before=timedelta(days=29))
        early_envelope = Envelope.objects.filter(submission=early).first()
        opened = _opened(past, chair, submission)
        terms = AwardInput(
            "2027-T-1", "Lot des couvreurs", company.name, company.siret, clock.now().date(), 6, amount_cents=1
        )
        award = record_award(past.id, terms, lot=1, actor_id=buyer)
        document = ProcurementDocument.objects.filter(consultation=current).first()
        envelope = Envelope.objects.filter(submission=submission).first()
        open_test_consultation(here.id)
        upload = create_upload(Visitor(here.id, company.id, current.id), 3, 10, {"kind": "application"})
    anchor_leaves()
    assert draft_document is not None
    assert document is not None
    assert envelope is not None
    assert early_envelope is not None
    world = World(
        {
            "draft": draft.id, "draft_document": draft_document.id, "current": current.id, "past": past.id,
            "document": document.id, "envelope": envelope.id, "opened_document": opened.id,
            "early_envelope": early_envelope.id, "submission": submission.id, "upload": upload,
            "award": award.id, "company": company.id, "agglomeration": whole.slug, **_appointments(here),
            **pooling_ids(whole, here),
        }
    )  # fmt: skip
    world.clients = _clients(agents, here, there, firm, company)
    return world


def _appointments(house: Authority) -> dict[str, Any]:
    """A town hall with an appointment, a held slot and a closure next month."""
    place = a_place(house)
    agenda = an_agenda(place, lead_minutes=0)
    reason = a_reason(agenda)
    start = clock.now()
    first, second = free_slots([reason.id], 1, start, start + timedelta(days=14))[-2:]
    booked, held = a_booking(reason, first.starts_at), a_hold(reason, second.starts_at)
    with scope.authority(house.id):
        closure = HoursException.objects.create(
            place=place, during=(start + timedelta(days=30), start + timedelta(days=31)), why="Travaux"
        )
        resource = Resource.objects.filter(agenda=agenda).first()
    assert resource is not None
    day = start.date()
    waiting = join_waiting(Wish("id-card", 1, (), day, day + timedelta(days=20)), "camille@exemple.test")
    return {
        "place": place.id, "agenda": agenda.id, "reason": reason.id, "resource": resource.id, "exception": closure.id,
        "booking": booked.id, "booking_key": booking_key(booked.id), "held_key": booking_key(held.id),
        "wall_key": wall_key(place.id), "waiting_key": waiting_key(waiting.id),
    }  # fmt: skip


def _clients(
    agents: dict[str, Person], here: Authority, there: Authority, firm: Person, company: Any
) -> dict[str, Client]:
    whole = Authority.objects.get(kind="agglomeration")
    neighbour = an_agent(there, "buyer", "Noé Voisin")
    operator = an_agent(whole, "operator", "Ilse Exploitante")
    return {
        "anonymous": Client(),
        "person": signed_in(a_person("Paul Personne")),
        "company": signed_in(firm, company=company),
        "buyer": signed_in(agents["buyer"], here, "buyer"),
        "elsewhere": signed_in(neighbour, there, "buyer"),
        "administrator": signed_in(agents["administrator"], here, "administrator"),
        "chair": signed_in(agents["board_chair"], here, "board_chair"),
        "member": signed_in(agents["board_member"], here, "board_member"),
        "observer": signed_in(agents["observer"], here, "observer"),
        "operator": signed_in(operator, whole, "operator"),
        "desk_agent": signed_in(agents["desk_agent"], here, "desk_agent"),
        "desk_manager": signed_in(agents["desk_manager"], here, "desk_manager"),
        "coordinator": signed_in(an_agent(whole, "coordinator", "Cléo Coordinatrice"), whole, "coordinator"),
        "referent": signed_in(agents["referent"], here, "referent"),
        "finance_agent": signed_in(agents["finance_agent"], here, "finance_agent"),
        "one_factor": signed_in(agents["buyer"], here, "buyer", second_factor=False),
    }


def _deposited(consultation: Consultation, firm: Person, house: Authority, stamp_before: timedelta) -> Submission:
    [company] = companies_of(firm.id)
    buyer = authority_by_slug(house.slug)
    assert buyer is not None
    assert consultation.deadline is not None
    envelopes = [
        _uploaded(consultation, company.id, "application", None),
        _uploaded(consultation, company.id, "bid", 1),
    ]
    seal = Seal(new_id(), tuple(envelopes), consultation.deadline - stamp_before)
    submission, _ = seal_submission(consultation.id, company, firm.id, buyer, seal)
    return submission


def _uploaded(consultation: Consultation, owner: UUID, kind: str, lot: int | None) -> SealedEnvelope:
    data = f"age-encryption.org/v1 stands for sealed bytes: {kind}".encode()
    visitor, digest = Visitor(consultation.authority_id, owner, consultation.id), hashlib.sha256(data)
    upload = create_upload(visitor, len(data), 10_000, {"kind": kind})
    receive_part(visitor, upload, Part(0, len(data), digest.digest(), [data]))
    return SealedEnvelope(kind, lot, upload, len(data), digest.hexdigest(), hashlib.sha256(b"manifest").hexdigest())


def _opened(consultation: Consultation, chair: UUID, submission: Submission) -> OpenedDocument:
    """The session held and closed, one document taken out."""
    session = start_opening(consultation.id, chair, (Present("Paule Présidente", "présidente", chair),))
    OpeningSession.objects.filter(id=session.id).update(stage="bid", closed_at=clock.now())
    Consultation.objects.filter(id=consultation.id).update(state="opened")
    envelope = Envelope.objects.filter(submission=submission).first()
    file = documents.store(io.BytesIO(b"%PDF-1.7 opened"), "Offre.pdf", "application/pdf", 10_000)
    return OpenedDocument.objects.create(envelope=envelope, file_id=file.id, position=1)


def address(name: str, where: dict[str, str], world: World, **instead: str) -> str:
    """The path of a row of the table, with ids of the world."""
    kwargs = {key: world.ids[value[1:]] if value.startswith("@") else value for key, value in where.items()}
    return reverse(name, kwargs={**kwargs, **instead})


def answer(client: Client, method: str, url: str) -> Any:
    """The answer, read to its end (`answer.whole`); what it changed is taken back, in the session too."""
    body: dict[str, Any] = {"data": "{}", "content_type": "application/json"} if method == "post" else {}
    client.raise_request_exception = False
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        got = getattr(client, method)(url, **body)
        got.whole = b"".join(got.streaming_content) if got.streaming else got.content
        transaction.set_rollback(True)
    client.cookies = cookies
    return got


def patterns(resolver: Any = None) -> Iterator[URLPattern]:
    """Every address of the project, whatever list includes it."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one
