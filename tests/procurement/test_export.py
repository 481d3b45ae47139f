"""The export: everything the authority has, in open formats, and nothing that its reader may not see."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.accounts.models import Company
from parvis.audit import facade as audit
from parvis.audit.services.anchor_leaves import anchor_leaves
from parvis.authorities.facade import set_procurement_access
from parvis.documents.models import StoredFile
from parvis.documents.selectors import file_path
from parvis.kit import clock, scope
from parvis.procurement.contracts import AwardInput
from parvis.procurement.models import Consultation, Envelope, OpenedDocument, ProcurementDocument, Submission
from parvis.procurement.services.record_existing_contract import record_existing_contract
from tests.procurement import sealed_world as sealed
from tests.procurement.draft_world import a_document
from tests.procurement.sealed_world import MICROSECOND, MINUTE, SOME_FILES, T, World
from tests.world import an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db
FOLDER = "consultations/2026-T-001"
SECRETS = ("Toitures Invention", "73282932000074", "Couverture Tardive", "55208131766522")


class Carried:
    """An archive as its reader opens it."""

    def __init__(self, answer: Any) -> None:
        assert answer.status_code == 200
        data = b"".join(answer.streaming_content)
        assert int(answer["Content-Length"]) == len(data)
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        assert self.zip.testzip() is None
        [self.root] = {name.split("/")[0] for name in self.zip.namelist()}
        self.names = [name.removeprefix(f"{self.root}/") for name in self.zip.namelist()]

    def __getitem__(self, name: str) -> bytes:
        return self.zip.read(f"{self.root}/{name}")

    def json(self, name: str) -> Any:
        return json.loads(self[name])

    def below(self, folder: str) -> list[str]:
        return [name for name in self.names if name.startswith(f"{FOLDER}/{folder}/")]

    @property
    def readme(self) -> str:
        return self["LISEZ-MOI.txt"].decode()


def carried_by(world: World, role: str = "buyer", at: Any = T + 10 * MINUTE) -> Carried:
    person = world.buyer if role == "buyer" else an_agent(world.house, role, f"Agent {role}")
    with clock.frozen_at(at):
        answer = signed_in(person, world.house, role).post(reverse("export", args=[world.house.slug]))
        return Carried(answer)


def answered() -> tuple[World, Company, Company]:
    """A published consultation with a document, a deposit in time and, for later, a company that will be late."""
    world = sealed.published()
    with clock.frozen_at(T - timedelta(days=2)), scope.authority(world.house.id):
        a_document(world.consultation, world.buyer.id, "Règlement.pdf")
    timely, tardy = sealed.company(), sealed.company("Couverture Tardive", "55208131766522")
    sealed.deposited(world, timely, T - MINUTE)
    return world, timely, tardy


def opened() -> World:
    world, _timely, tardy = answered()
    with clock.frozen_at(T + MICROSECOND):
        sealed.deposited(world, tardy, T + MICROSECOND)
        anchor_leaves()
    sealed.whole_opening(world)
    return world


def test_a_buyer_carries_away_everything_and_each_file_has_its_hash() -> None:
    world = opened()
    found = carried_by(world)
    listed = dict(line.split("  ", 1)[::-1] for line in found["empreintes.sha256"].decode().splitlines())
    assert sorted([*listed, "empreintes.sha256"]) == sorted(found.names)
    assert {name: hashlib.sha256(found[name]).hexdigest() for name in listed} == listed
    assert found.root == "parvis-valbruche-2026-12-01"
    [values] = found.json("consultations.json")
    assert (values["reference"], values["state"], values["folder"]) == ("2026-T-001", "opened", FOLDER)
    assert values["deadline"] == "2026-12-01T11:00:00+00:00"
    assert [lot["title"] for lot in values["lots"]] == ["Lot d’essai 1", "Lot d’essai 2"]
    with scope.authority(world.house.id):
        fields = {field.attname for field in Consultation._meta.concrete_fields} - {"authority_id"}
    assert fields <= set(values), "a field added one day is exported too"
    assert [(s["number"], s["state"], s["company"]["name"]) for s in values["submissions"]] == [
        (1, "opened", "Toitures Invention"), (2, "late", "Couverture Tardive"),
    ]  # fmt: skip
    assert values["session"]["attendance"][0]["name"]
    assert found[f"{FOLDER}/documents/Règlement.pdf"].startswith(b"%PDF-1.7 invented")
    assert found[f"{FOLDER}/proces-verbal.pdf"].startswith(b"%PDF")
    assert [fact["kind"] for fact in found.json(f"{FOLDER}/faits.json")][-1] == "opening.closed"


def test_what_was_opened_is_opened_and_what_is_sealed_stays_sealed() -> None:
    world = opened()
    found = carried_by(world)
    for kind in ("candidature", "offre-lot-1", "offre-lot-2"):
        for name, data in SOME_FILES.items():
            assert found[f"{FOLDER}/plis-ouverts/pli-1/{kind}/{name}"] == data
    assert len(found.below("plis-ouverts")) == 3 * len(SOME_FILES)
    with scope.authority(world.house.id):
        late = {e.sha256 for e in Envelope.objects.filter(submission__number=2)}
    assert {hashlib.sha256(found[name]).hexdigest() for name in found.below("plis-scelles")} == late
    assert all(found[name].startswith(b"age-encryption.org/v1") for name in found.below("plis-scelles"))
    assert len(late) == 3


def test_the_registers_are_those_of_the_pages_and_the_receipts_verify() -> None:
    world = opened()
    found = carried_by(world)
    where = [world.house.slug, world.consultation.id]
    buyer = signed_in(world.buyer, world.house, "buyer")
    assert (
        found[f"{FOLDER}/registre-des-retraits.csv"] == buyer.get(reverse("download_register_csv", args=where)).content
    )
    deposits = found[f"{FOLDER}/registre-des-depots.csv"]
    assert deposits == buyer.get(reverse("deposit_register", args=where) + "?format=csv").content
    rows = list(csv.reader(io.StringIO(deposits.decode("utf-8-sig")), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ["Toitures Invention", "Couverture Tardive"]
    receipt = found.json(f"{FOLDER}/recepisses/pli-1.json")
    assert receipt["receipt"]["depositor"]["siret"] == "73282932000074"
    assert receipt["proof"]["leaf"]


def test_before_the_deadline_nothing_says_who_deposited_nor_leaves_a_sealed_file() -> None:
    world, _timely, _tardy = answered()
    found = carried_by(world, at=T - MICROSECOND)
    for name in found.names:
        text = found[name].decode(errors="replace")
        assert [secret for secret in SECRETS if secret in text] == [], name
    assert found.below("plis-scelles") == found.below("plis-ouverts") == found.below("recepisses") == []
    assert "3 plis scellés dont la date limite n’est pas passée" in found.readme
    [values] = found.json("consultations.json")
    assert [s["company"] for s in values["submissions"]] == [None]
    with scope.authority(world.house.id):
        assert audit.facts([world.consultation.id], ["envelope.exported"]) == []


@pytest.mark.parametrize("after", [timedelta(), timedelta(seconds=29), timedelta(seconds=30)])
def test_sealed_files_leave_with_the_patience_of_an_opening(after: timedelta) -> None:
    world, _timely, _tardy = answered()
    found = carried_by(world, at=T + after)
    assert len(found.below("plis-scelles")) == (3 if after == timedelta(seconds=30) else 0)
    assert found.below("recepisses") == [], "who deposited is known once the session begins"


@pytest.mark.parametrize("role", ["administrator", "observer"])
def test_no_bid_leaves_with_those_who_may_not_read_them(role: str) -> None:
    world = opened()
    found = carried_by(world, role)
    assert found.below("plis-ouverts") == found.below("plis-scelles") == []
    assert f"{FOLDER}/proces-verbal.pdf" not in found.names
    contents = {data[:40] for data in SOME_FILES.values()}
    assert [name for name in found.names for data in contents if data in found[name]] == []
    opening = [f for f in found.json(f"{FOLDER}/faits.json") if f["kind"].startswith("envelope.")]
    assert opening
    assert all(fact["data"] == {} for fact in opening)
    assert "Le contenu des plis" in found.readme
    assert found.below("recepisses"), "the register names them to the same people"


def test_the_fact_is_written_and_the_board_sees_that_sealed_files_left() -> None:
    world = opened()
    found = carried_by(world)
    with scope.authority(world.house.id):
        [fact] = audit.facts([world.house.id], ["procurement.exported"])
        [handed] = audit.facts([world.consultation.id], ["envelope.exported"])
        late = {str(e.id) for e in Envelope.objects.filter(submission__number=2)}
    assert fact.actor_id == handed.actor_id == world.buyer.id
    assert fact.data["manifest_sha256"] == hashlib.sha256(found["empreintes.sha256"]).hexdigest()
    assert (fact.data["entries"], fact.data["bids"]) == (len(found.names), True)
    assert set(handed.data["envelopes"]) == late
    page = signed_in(world.buyer, world.house, "buyer").get(
        reverse("desk_consultation", args=[world.house.slug, world.consultation.id])
    )
    assert "Plis scellés remis avec l’export des données" in page.content.decode()


def test_nothing_is_deleted_nor_changed() -> None:
    world = opened()
    with scope.authority(world.house.id):
        tables = (Consultation, Submission, Envelope, OpenedDocument, ProcurementDocument, StoredFile)
        before = [list(table.objects.order_by("id").values()) for table in tables]
        carried_by(world)
        assert [list(table.objects.order_by("id").values()) for table in tables] == before


def test_the_neighbour_s_files_are_not_in_it() -> None:
    world = opened()
    neighbour = sealed.a_draft("autre-rive")
    with scope.authority(neighbour.house.id):
        a_document(neighbour.consultation, neighbour.buyer.id, "Document voisin.pdf")
    found = carried_by(world)
    assert len(found.json("consultations.json")) == 1
    assert not [name for name in found.names if "voisin" in name]
    theirs = carried_by(neighbour)
    assert theirs.below("documents") == [f"{FOLDER}/documents/Document voisin.pdf"]
    assert theirs.below("plis-ouverts") == []


def test_a_file_in_quarantine_or_gone_is_named_and_the_rest_leaves() -> None:
    world = opened()
    with scope.authority(world.house.id):
        a_document_id = ProcurementDocument.objects.get().file_id
        StoredFile.objects.filter(id=a_document_id).update(scan="infected")
        gone = OpenedDocument.objects.order_by("id")[0]
        file_path(gone.file_id).unlink()
    found = carried_by(world)
    assert found.below("documents") == []
    assert len(found.below("plis-ouverts")) == 3 * len(SOME_FILES) - 1
    assert "Règlement.pdf\u202f: en quarantaine" in found.readme
    assert "introuvable sur le disque" in found.readme


def test_contracts_come_too_those_from_before_the_platform_and_no_neighbour_s() -> None:
    world = opened()
    neighbour = an_authority("autre-rive")
    terms = AwardInput(
        reference="M-2024-7", title="Entretien des toitures", contractor_name="Toitures Invention",
        contractor_siret="73282932000074", decided_on=date(2024, 5, 2), duration_months=48, amount_cents=1_250_000,
    )  # fmt: skip
    for house in (world.house, neighbour):
        with scope.authority(house.id):
            record_existing_contract(terms, actor_id=world.buyer.id)
    [contract] = carried_by(world).json("marches.json")
    assert (contract["reference"], contract["amount_cents"]) == ("M-2024-7", 1_250_000)
    assert (contract["decided_on"], contract["consultation_id"]) == ("2024-05-02", None)


def test_it_stays_open_after_the_end_of_the_agreement() -> None:
    world = opened()
    set_procurement_access(world.house.id, T.date() - timedelta(days=90), T.date(), actor_id=None)
    assert carried_by(world, at=T + timedelta(days=400)).below("plis-ouverts")


def test_the_page_before_says_what_is_inside() -> None:
    world = opened()
    url = reverse("export", args=[world.house.slug])
    with clock.frozen_at(T + 10 * MINUTE):
        page = signed_in(world.buyer, world.house, "buyer").get(url).content.decode()
        administrator = an_agent(world.house, "administrator", "Alix Maire")
        other = signed_in(administrator, world.house, "administrator").get(url).content.decode()
    plain = " ".join(page.split())
    assert f"<dt>Documents des plis ouverts</dt> <dd>{3 * len(SOME_FILES)}</dd>" in plain
    assert "<dt>Plis gardés scellés</dt> <dd>3</dd>" in plain
    assert "Le contenu des plis n’y est pas." not in page
    assert "Le contenu des plis n’y est pas." in other
    assert "Documents des plis ouverts" not in other
    with scope.authority(world.house.id):
        assert audit.facts([world.house.id], ["procurement.exported"]) == [], "looking takes nothing away"


def test_an_empty_desk_says_so_and_a_stranger_signs_in() -> None:
    house = an_authority()
    url = reverse("export", args=[house.slug])
    page = signed_in(an_agent(house, "buyer"), house, "buyer").get(url).content.decode()
    assert "Rien à exporter encore." in page
    assert '<form method="post" action="' + url not in page
    assert Client().post(url).status_code == 302
