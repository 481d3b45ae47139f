"""An authority's whole procurement as one ZIP of open formats, to be kept or taken elsewhere. Nothing is deleted."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.authorities.facade import AuthorityView
from parvis.documents import facade as files
from parvis.kit import clock
from parvis.procurement.models import Consultation
from parvis.procurement.selectors.export import (
    UNNAMED,
    Contents,
    consultation_values,
    export_contents,
    fact_values,
    field_values,
)
from parvis.procurement.selectors.submissions import receipt_file, submission_register
from parvis.procurement.services.export_readme import READ_ME, read_me
from parvis.procurement.services.minutes_pdf import minutes_pdf
from parvis.procurement.services.register_csv import deposits_csv, downloads_csv
from parvis.procurement.services.start_opening import LANDING

MANIFEST = "empreintes.sha256"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive; SHA-256 in hex: of what is kept, that which was written down when it came."""

    name: str
    content: bytes | Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Archive:
    """`name`: of the file. `zip` needs no database any more: it may be sent once the scope is closed."""

    name: str
    zip: files.ZipDownload


def contents_now(*, bids: bool) -> Contents:
    """What an export would hold now, for whom may read bids or not; the sealed files of a deadline to come stay here.

    The same patience as for an opening: a deposit stamped in time must have landed.
    """
    now = clock.now()

    def past(deadline: datetime) -> bool:
        return now >= deadline + LANDING

    return export_contents(bids=bids, past=past)


@transaction.atomic
def export_archive(house: AuthorityView, *, actor_id: UUID, actor_name: str, role_label: str, bids: bool) -> Archive:
    """The archive of the authority in scope, and the facts of it, written before the first byte leaves.

    `bids`: whether the actor may read what was opened; sealed files, still sealed, are given to the same people. The
    board sees in each file's timeline that they were.
    """
    found = contents_now(bids=bids)
    folders = _folders(found.consultations)
    entries = [
        _made(READ_ME, read_me(house, found, actor_name, role_label, bids=bids)),
        _json("consultations.json", [consultation_values(one, folders[one.id]) for one in found.consultations]),
        _json("marches.json", [field_values(one) for one in found.contracts]),
    ]
    for one in found.consultations:
        entries += _about(one, folders[one.id], bids=bids)
    for session in found.sessions:
        folder = folders[session.consultation_id]
        entries.append(_made(f"{folder}/proces-verbal.pdf", minutes_pdf(session, house)))
    entries += [Entry(f"{folders[f.consultation_id]}/{f.name}", f.source, f.sha256) for f in found.files]
    entries = _with_manifest(entries)
    root = f"parvis-{house.slug}-{clock.now().astimezone(clock.PARIS):%Y-%m-%d}"
    archive = files.zip_stream([(f"{root}/{one.name}", one.content) for one in entries])
    _record(house, found, actor_id, entries, archive.size, bids=bids)
    return Archive(f"{root}.zip", archive)


def _folders(consultations: list[Consultation]) -> dict[UUID, str]:
    """A folder for each, named after its reference."""
    names = files.distinct_names([files.safe_name(one.reference.replace("/", "-")) for one in consultations])
    return {one.id: f"consultations/{name}" for one, name in zip(consultations, names, strict=True)}


def _about(one: Consultation, folder: str, *, bids: bool) -> list[Entry]:
    """The registers and the facts of one consultation; the receipts once it is known who deposited."""
    entries = [
        _made(f"{folder}/registre-des-retraits.csv", downloads_csv(one).encode()),
        _made(f"{folder}/registre-des-depots.csv", deposits_csv(one).encode()),
        _json(f"{folder}/faits.json", fact_values(one, bids=bids)),
    ]
    if one.state not in UNNAMED:
        entries += [
            _json(f"{folder}/recepisses/pli-{submission.number}.json", receipt_file(submission))
            for submission in submission_register(one.id)
        ]
    return entries


def _made(name: str, content: bytes) -> Entry:
    return Entry(name, content, hashlib.sha256(content).hexdigest())


def _json(name: str, values: Any) -> Entry:
    return _made(name, (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode())


def _with_manifest(entries: Iterable[Entry]) -> list[Entry]:
    """The same under names that any system takes, and a last one that `sha256sum --check` reads."""
    found = list(entries)
    safe = ["/".join(files.safe_name(part) for part in one.name.split("/")) for one in found]
    names = files.distinct_names(safe)
    named = [Entry(name, one.content, one.sha256) for name, one in zip(names, found, strict=True)]
    lines = "".join(f"{one.sha256}  {one.name}\n" for one in named)
    return [*named, _made(MANIFEST, lines.encode())]


def _record(
    house: AuthorityView, found: Contents, actor_id: UUID, entries: list[Entry], size: int, *, bids: bool
) -> None:
    data = {
        "consultations": len(found.consultations),
        "entries": len(entries),
        "bytes": size,
        "bids": bids,
        "manifest_sha256": entries[-1].sha256,
    }
    audit.record("procurement.exported", subject=house.id, actor=actor_id, data=data)
    for consultation_id, envelopes in found.handed_out.items():
        audit.record("envelope.exported", subject=consultation_id, actor=actor_id, data={"envelopes": envelopes})
