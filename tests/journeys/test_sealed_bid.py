"""The journey for which the platform exists, by the pages alone, from the entry to the opening."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from parvis.kit import clock, scope
from parvis.procurement.models import Consultation, Submission
from tests.journeys.conftest import Platform, Visitor
from tests.journeys.people import Cast, cast, choose, make_key, pdf, sign_in, unlock

Enter = Callable[[str], Visitor]
NEXT = "Enregistrer et continuer"


def test_a_bid_from_entry_to_opening(platform: Platform, visitor: Enter, tmp_path: Path) -> None:
    people = cast()
    desk = f"/{people.commune.slug}/bureau/"
    buyer, file = entry(visitor, people, desk)
    board = keys(visitor, people, desk, file, tmp_path)
    public, deadline = publication(buyer, people, file)
    download(visitor, public)
    roofers = deposits(platform, visitor, people, public, deadline, tmp_path)
    opening(platform, board, people, file, deadline, tmp_path)
    afterwards(roofers, buyer, people, file)


def entry(visitor: Enter, people: Cast, desk: str) -> tuple[Visitor, str]:
    buyer = visitor("buyer")
    page = buyer.page
    sign_in(buyer, people.buyer)
    buyer.go(desk)
    buyer.look("desk-empty")
    page.get_by_role("link", name="Nouvelle consultation").first.click()
    page.get_by_label("Que voulez-vous acheter").fill("Réfection de l’école du Centre")
    page.get_by_label("Travaux").check()
    buyer.look()
    page.get_by_role("button", name="Ouvrir le dossier").click()
    subject(buyer)
    file = re.sub(r"modifier/.*", "", page.url.removeprefix(buyer.platform.url))
    shape(buyer, file)
    papers(buyer, file)
    calendar_and_contact(buyer, file)
    buyer.go(f"{file}modifier/verification/")
    expect(page.get_by_text("La saisie est complète")).to_be_visible()
    buyer.look("entry-check")
    buyer.go(file)
    buyer.look("file-draft")
    return buyer, file


def go_on(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=NEXT).click()


def subject(buyer: Visitor) -> None:
    page = buyer.page
    page.get_by_label("Objet du marché").fill("Toiture et maçonnerie de l’école du Centre, pendant les congés d’été.")
    page.get_by_label("Code CPV", exact=False).first.fill("45261210")
    place = page.locator("[name=place_nuts]")
    if place.evaluate("e => e.tagName") == "SELECT":
        place.select_option("FRF12")
    else:
        place.fill("FRF12")
    page.get_by_label("Durée du marché").fill("8")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Enregistré", timeout=10_000)
    buyer.look("entry-subject")
    go_on(page)


def shape(buyer: Visitor, file: str) -> None:
    page = buyer.page
    buyer.go(f"{file}modifier/procedure/")
    page.get_by_label("Valeur estimée hors taxes").fill("180 000")
    page.get_by_role("radio", name=re.compile("Procédure adaptée")).check()
    buyer.look()
    go_on(page)
    for number, title in enumerate(("Toiture", "Maçonnerie")):
        page.get_by_role("button", name="Ajouter un lot").click()
        page.locator(f"[name=lots-{number}-title]").fill(title)
        page.locator(f"[name=lots-{number}-cpv]").fill("45261210")
    buyer.look("entry-lots")
    go_on(page)
    for number, (label, weight) in enumerate((("Prix", "60"), ("Valeur technique", "40"))):
        if not page.locator(f"[name=criteres-{number}-label]").count():
            page.get_by_role("button", name=re.compile("Ajouter un critère")).click()
        page.locator(f"[name=criteres-{number}-label]").fill(label)
        page.locator(f"[name=criteres-{number}-weight]").fill(weight)
    buyer.look()
    go_on(page)
    buyer.look()
    go_on(page)


def papers(buyer: Visitor, file: str) -> None:
    page = buyer.page
    buyer.go(f"{file}modifier/documents/")
    page.locator("[name=files]").set_input_files(
        [
            {"name": name, "mimeType": "application/pdf", "buffer": pdf(name)}
            for name in (
                "Règlement de la consultation.pdf",
                "Cahier des charges.pdf",
                "Acte d’engagement.pdf",
                "Bordereau des prix.pdf",
            )
        ]
    )
    page.get_by_role("button", name="Ajouter ces documents").click()
    expect(
        page.get_by_text("Cahier des charges.pdf").or_(page.locator("input[value='Cahier des charges.pdf']")).first
    ).to_be_visible()
    buyer.look("entry-documents")
    go_on(page)


def calendar_and_contact(buyer: Visitor, file: str) -> None:
    page = buyer.page
    day = clock.now().astimezone(clock.PARIS) + timedelta(days=40)
    while day.weekday() > 4:
        day += timedelta(days=1)
    buyer.go(f"{file}modifier/calendrier/")
    page.locator("[name=deadline_day]").fill(day.strftime("%Y-%m-%d"))
    page.locator("[name=deadline_hour]").fill("12:00")
    buyer.look("entry-calendar")
    go_on(page)
    page.locator("[name=contact_name]").fill("Service de la commande publique")
    page.locator("[name=contact_email]").fill("marches@valbruche.test")
    go_on(page)


def keys(visitor: Enter, people: Cast, desk: str, file: str, folder: Path) -> dict[str, tuple[Visitor, str]]:
    board: dict[str, tuple[Visitor, str]] = {}
    for name, person in (("chair", people.chair), ("delegate", people.delegate), ("member", people.member)):
        who = visitor(name)
        sign_in(who, person)
        board[name] = (who, make_key(who, desk, folder, "my-key" if name == "chair" else ""))
    chair = board["chair"][0]
    chair.go(f"{file}cles/")
    chair.page.get_by_label(re.compile("Nombre de détenteurs")).select_option("2")
    chair.look("ceremony")
    chair.page.get_by_role("button", name="Fabriquer les clés").click()
    expect(chair.page.get_by_text("Les clés sont fabriquées et partagées")).to_be_visible(timeout=60_000)
    chair.look()
    for name, (who, phrase) in board.items():
        who.go(f"{file}repetition/")
        unlock(who.page, phrase)
        expect(who.page.get_by_text("votre répétition est faite")).to_be_visible(timeout=60_000)
        who.look("rehearsal" if name == "delegate" else "")
    chair.go(f"{file}repetition/")
    expect(chair.page.get_by_text("La répétition est réussie")).to_be_visible()
    return board


def publication(buyer: Visitor, people: Cast, file: str) -> tuple[str, datetime]:
    buyer.go(f"{file}publier/")
    buyer.look("publish")
    buyer.page.get_by_role("button", name="Publier maintenant").click()
    buyer.page.wait_for_load_state()
    buyer.look("file-published")
    identifier = file.rstrip("/").rsplit("/", 1)[-1]
    with scope.authority(people.commune.id):
        found = Consultation.objects.get(id=identifier)
    assert found.state == "published"
    return f"/{people.commune.slug}/consultations/{identifier}/", found.deadline


def download(visitor: Enter, public: str) -> None:
    someone = visitor("someone")
    someone.go("/consultations/")
    expect(someone.page.get_by_role("link", name="Réfection de l’école du Centre")).to_be_visible()
    someone.go(public)
    someone.look("public-consultation")
    with someone.page.expect_download() as whole:
        someone.page.get_by_role("link", name=re.compile("Télécharger tous les documents")).click()
    assert whole.value.path().read_bytes()[:2] == b"PK"


def seal_and_submit(
    who: Visitor, public: str, envelopes: dict[str, list[tuple[str, bytes]]], folder: Path, shot: str = ""
) -> dict[str, Any]:
    page = who.page
    if not page.url.endswith("/deposer/"):
        who.go(f"{public}deposer/")
    expect(page.get_by_role("button", name="Chiffrer et téléverser")).to_be_visible()
    for label, files in envelopes.items():
        choose(page, re.compile(label), *files)
    if shot:
        who.look(f"{shot}-files")
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    submit = page.get_by_role("button", name="Déposer le pli")
    expect(submit).to_be_visible(timeout=60_000)
    if shot:
        who.look(f"{shot}-sealed")
    submit.click()
    expect(page.get_by_text(re.compile("Votre pli n° .* est déposé"))).to_be_visible(timeout=30_000)
    if shot:
        who.look(f"{shot}-receipt")
    with page.expect_download() as got:
        page.get_by_role("button", name=re.compile("Télécharger le récépissé")).click()
    target = folder / f"recepisse-{who.name}.json"
    got.value.save_as(target)
    receipt: dict[str, Any] = json.loads(target.read_text())
    return receipt


def deposits(
    platform: Platform, visitor: Enter, people: Cast, public: str, deadline: datetime, folder: Path
) -> Visitor:
    roofers, masons = visitor("roofers"), visitor("masons")
    sign_in(roofers, people.roofer)
    sign_in(masons, people.mason)
    application = [("DC1.pdf", pdf("DC1")), ("DC2.pdf", pdf("DC2"))]
    first = {"Candidature": application, "lot 1": [("Offre toiture.pdf", pdf("première offre"))]}
    receipt = seal_and_submit(roofers, public, first, folder, "deposit")
    assert receipt["receipt"]["on_time"]
    assert {f["name"] for m in receipt["documents"] for f in m["files"]} == {"DC1.pdf", "DC2.pdf", "Offre toiture.pdf"}
    again(roofers.page)
    second = {**first, "lot 1": [("Offre toiture.pdf", pdf("offre améliorée"))]}
    assert seal_and_submit(roofers, public, second, folder)["receipt"]["number"] == 2
    verified(folder / "recepisse-roofers.json")
    seal_and_submit(masons, public, {"Candidature": application, "lot 2": [("Offre murs.pdf", pdf("murs"))]}, folder)
    platform.travel_to(deadline + timedelta(minutes=3))
    again(masons.page)
    late = seal_and_submit(
        masons, public, {"Candidature": application, "lot 2": [("Offre murs.pdf", pdf("trop tard"))]}, folder
    )
    assert not late["receipt"]["on_time"]
    masons.go(f"/{people.commune.slug}/plis/{late['receipt']['submission']}/")
    expect(masons.page.get_by_text("Ce pli est arrivé hors délai")).to_be_visible()
    masons.look("receipt-late")
    return roofers


def again(page: Page) -> None:
    page.get_by_role("button", name="Remplacer ce pli").click()
    expect(page.get_by_role("button", name="Chiffrer et téléverser")).to_be_visible()


def verified(path: Path) -> None:
    """The receipt that the browser kept is checked offline by the command line."""
    done = subprocess.run(
        [sys.executable, "-m", "parvis.sealing.verify", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def opening(
    platform: Platform, board: dict[str, tuple[Visitor, str]], people: Cast, file: str, deadline: datetime, folder: Path
) -> None:
    (chair, chair_phrase), (member, member_phrase) = board["chair"], board["member"]
    platform.travel_to(deadline + timedelta(hours=1))
    chair.go(f"{file}seance/")
    chair.page.get_by_label(re.compile("Désiré Préside")).check()
    chair.page.get_by_label(re.compile("Firmin Siège")).check()
    chair.look("opening-start")
    chair.page.get_by_role("button", name="Ouvrir la séance").click()
    for stage in ("application", "bid"):
        chair.page.wait_for_load_state()
        chair.page.get_by_role("button", name="Tenir la séance sur ce poste").click()
        give(chair, chair_phrase)
        member.go(f"{file}seance/")
        give(member, member_phrase)
        if stage == "application":
            member.look("opening-member")
        for label in ("Candidature",) if stage == "application" else ("Offre, lot 1", "Offre, lot 2"):
            chair.page.get_by_role("button", name=f"Ouvrir les plis\u202f: {label}").or_(
                chair.page.get_by_role("button", name=f"Ouvrir les plis : {label}")
            ).click(timeout=30_000)
            result = chair.page.get_by_role("heading", name=re.compile(f"Résultat de l.ouverture.*{label}"))
            expect(result).to_be_visible(timeout=30_000)
        chair.look(f"opening-{stage}")
        chair.page.get_by_role("button", name="Continuer").click()
        chair.page.wait_for_load_state()
        label = "Passer à l’étape suivante" if stage == "application" else re.compile("Clore la séance")
        chair.page.get_by_role("button", name=label).click()
    expect(chair.page.get_by_text("La séance est close").first).to_be_visible()
    chair.look("opening-closed")
    with chair.page.expect_download() as got:
        chair.page.get_by_role("link", name=re.compile("procès-verbal")).click()
    text = "".join(page.extract_text() for page in PdfReader(got.value.path()).pages)
    for expected in (
        "Toitures Invention",
        "Murs et Compagnie",
        "Firmin Siège",
        "Offre toiture.pdf",
        "hors délai",
        "remplacé",
    ):
        assert expected in text, (expected, text)


def give(who: Visitor, phrase: str) -> None:
    """Unlock one's key, agree on the code read aloud, give the share."""
    page = who.page
    box = page.get_by_label(re.compile("Votre phrase de 6 mots"))
    button = page.get_by_role("button", name="Donner ma part").first
    expect(box.or_(button).first).to_be_visible(timeout=20_000)
    if box.is_visible():
        unlock(page, phrase)
    code = page.get_by_label(re.compile("Le code lu à voix haute"))
    expect(code.or_(button).first).to_be_visible(timeout=30_000)
    if code.count() and not code.is_checked():
        code.check()
    button.click()
    expect(page.get_by_text("Votre part est donnée").first).to_be_visible(timeout=20_000)


def afterwards(roofers: Visitor, buyer: Visitor, people: Cast, file: str) -> None:
    with scope.authority(people.commune.id):
        states = list(Submission.objects.order_by("number").values_list("number", "state"))
    assert states == [(1, "superseded"), (2, "opened"), (3, "opened"), (4, "late")]
    roofers.go("/mes-plis/")
    roofers.look("my-submissions")
    buyer.go(f"{file}registres/depots/")
    buyer.look("deposit-register")
    buyer.go(f"{file}registres/retraits/")
    buyer.look("download-register")
    with buyer.page.expect_download() as got:
        buyer.page.goto(buyer.platform.url + f"{file}seance/")
        buyer.page.get_by_role("link", name="Offre toiture.pdf").click()
    assert got.value.path().read_bytes() == pdf("offre améliorée")
