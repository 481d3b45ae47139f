"""People, companies and consultations for the benches, written straight into the database that the server serves."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parvis.accounts.models import Company
from parvis.authorities.models import Authority
from parvis.documents.models import Upload, UploadState
from parvis.documents.storage import storage
from parvis.kit import clock, scope
from parvis.kit.ids import new_id
from parvis.procurement.models import Consultation, OpeningKey
from parvis.procurement.services.list_publicly import list_publicly
from parvis.sealing.age import generate_identity, recipient_of
from parvis.sealing.canonical import fingerprint
from tests.world import a_company, a_person, an_authority, signed_in

CSRF = "b" * 32


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of a company, signed in; `cookie` is what their browser sends."""

    company: Company
    session: str

    @property
    def cookie(self) -> str:
        return f"sessionid={self.session}; csrftoken={CSRF}"


@dataclass(frozen=True, slots=True)
class Sealable:
    """A published consultation without lots: one application, one bid, both sealed to `identity`."""

    id: UUID
    authority: Authority
    identity: str
    deadline: datetime

    @property
    def deposit(self) -> str:
        """Path of its deposit page."""
        return f"/{self.authority.slug}/consultations/{self.id}/deposer/"


def a_house() -> Authority:
    return an_authority(f"essai-{secrets.token_hex(4)}")


def siret() -> str:
    """Fourteen digits that pass the Luhn check."""
    body = f"{secrets.randbelow(10**13):013d}"
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(body))
    return body + str(-total % 10)


def a_visitor(name: str = "Essai") -> Visitor:
    mark = secrets.token_hex(4)
    person = a_person(f"{name} {mark}")
    company = a_company(f"Entreprise {mark}", siret(), (person,))
    client = signed_in(person, company=company)
    return Visitor(company, client.cookies["sessionid"].value)


def published(
    authority: Authority, deadline: datetime | None = None, title: str = "Réfection d’une toiture"
) -> Sealable:
    identity = generate_identity()
    recipient = recipient_of(identity)
    until = deadline or clock.now() + timedelta(days=30)
    with scope.authority(authority.id):
        made = Consultation.objects.create(
            id=new_id(),
            reference=f"B-{secrets.token_hex(5)}",
            title=title,
            procedure="adapted",
            nature="works",
            cpv="45260000",
            purpose="Travaux sur une école, en deux phases, site occupé.",
            deadline=until,
            state="published",
            published_at=clock.now(),
        )
        for kind in ("application", "bid"):
            OpeningKey.objects.create(
                consultation=made, kind=kind, recipient=recipient, fingerprint=fingerprint(recipient), threshold=1
            )
        list_publicly(made)
    return Sealable(made.id, authority, identity, until)


@dataclass(frozen=True, slots=True)
class Ready:
    """An upload that is complete: what a company sent ahead of its seal."""

    id: UUID
    size: int
    sha256: str


def uploads_ahead(where: Sealable, owner: UUID, sizes: Iterable[int]) -> list[Ready]:
    """Complete uploads with their bytes on the disk, as the tus server leaves them."""
    found = []
    with scope.authority(where.authority.id):
        for size in sizes:
            content, upload_id = os.urandom(size), new_id()
            path = storage().create(where.authority.id, upload_id)
            path.write_bytes(content)
            found.append(Ready(upload_id, size, hashlib.sha256(content).hexdigest()))
        Upload.objects.bulk_create(
            Upload(
                id=one.id,
                owner_id=owner,
                subject_id=where.id,
                size=one.size,
                offset=one.size,
                sha256=one.sha256,
                state=UploadState.COMPLETE,
            )
            for one in found
        )
    return found
