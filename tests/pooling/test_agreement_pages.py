"""The pages of sharing agreements, as each side sees them."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.authorities.facade import authority
from parvis.kit import scope
from parvis.pooling.models import Paper, PaperKind, SharingAgreement
from parvis.pooling.selectors.agreements import versions_of
from parvis.pooling.services.draft_amendment import draft_amendment
from tests.pooling.agreement_world import (
    END,
    PREPARED,
    SIGNED,
    STARTS,
    Sides,
    a_draft,
    again,
    at,
    noticed,
    signed_agreement,
    two_sides,
    with_deliberations,
)
from tests.pooling.pooling_world import a_client, address
from tests.world import an_authority

pytestmark = pytest.mark.django_db

LATER = date(2027, 9, 1)


@pytest.fixture
def sides() -> Sides:
    return two_sides()


@pytest.fixture
def coordinator(sides: Sides) -> Client:
    return a_client(sides.whole, "coordinator")


@pytest.fixture
def referent(sides: Sides) -> Client:
    return a_client(sides.commune, "referent")


def page(house: Any, *parts: Any) -> str:
    return address(house, "conventions", *parts)


def words(response: Any) -> str:
    assert response.status_code == 200, response
    return unescape(response.content.decode())


def agreements(sides: Sides) -> list[SharingAgreement]:
    with scope.authority(sides.whole.id):
        return list(SharingAgreement.objects.all())


def a_paper(name: str = "piece.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 une piece")


def test_from_the_list_to_a_signed_agreement(sides: Sides, coordinator: Client, referent: Client) -> None:
    with at(PREPARED):
        shown = words(coordinator.get(page(sides.whole)))
        assert "Sans convention" in shown
        assert "?commune=illzach" in shown
        made = coordinator.post(page(sides.whole, "nouvelle"), {"commune": "illzach", "starts_on": "2027-01-01"})
        [draft] = agreements(sides)
        assert made.url == page(sides.whole, draft.id)
        assert "joindre la délibération de Grande Vallée et Illzach" in words(coordinator.get(made.url))
    with at(date(2026, 11, 16)):
        for client, house, kind in (
            (coordinator, sides.whole, "deliberation"), (referent, sides.commune, "commune_deliberation"),
        ):  # fmt: skip
            form = {"kind": kind, "title": "D-1", "dated": "2026-11-16", "file": a_paper()}
            assert client.post(page(house, draft.id, "joindre"), form).status_code == 302
        assert "signer, puis noter la signature" in words(referent.get(page(sides.commune, draft.id)))
    with at(SIGNED):
        form = {"signed_on": "2026-12-01", "starts_on": "2027-01-01", "signed_copy": a_paper()}
        done = coordinator.post(page(sides.whole, draft.id, "signature"), form, follow=True)
    assert "s’ouvre de lui-même le 1er janvier 2027" in words(done)
    assert "Convention signée" in words(done)
    assert authority(sides.commune.id).procurement_from == STARTS


def test_a_commune_goes_straight_to_its_own(sides: Sides, referent: Client) -> None:
    assert "Aucune convention avec l’agglomération" in words(referent.get(page(sides.commune)))
    draft = a_draft(sides)
    assert referent.get(page(sides.commune)).url == page(sides.commune, draft.id)
    shown = words(referent.get(page(sides.commune, draft.id)))
    assert "Votre convention CMD-2026-001" in shown
    for hidden in ("Modifier le texte", "Abandonner", "Noter la signature", "sans préavis</a>"):
        assert hidden not in shown


@pytest.mark.parametrize("part", ["modifier", "signature", "abandon", "avenant", "fin"])
def test_pages_of_the_agglomeration_do_not_exist_for_a_commune(sides: Sides, part: str) -> None:
    signed = signed_agreement(sides)
    client = a_client(sides.commune, "coordinator", "Coordinatrice d’Illzach")
    assert client.get(page(sides.commune, signed.id, part)).status_code == 404
    assert client.post(page(sides.commune, signed.id, part), {"reason": "Non"}).status_code == 404
    assert again(signed).state == "running"


def test_another_commune_finds_nothing(sides: Sides) -> None:
    signed = signed_agreement(sides)
    other = an_authority("autre-rive")
    client = a_client(other, "referent")
    for part in ([], ["preavis"], ["joindre"], ["versions", "1"]):
        assert client.get(page(other, signed.id, *part)).status_code == 404
    assert client.get(page(other, signed.id, "versions", "1.pdf").rstrip("/")).status_code == 404


def test_every_date_is_explained(sides: Sides, referent: Client) -> None:
    signed = signed_agreement(sides)
    with at(LATER):
        shown = words(referent.get(page(sides.commune, signed.id)))
    for said in (
        "1re année sur 4, du 1er janvier 2027 au 31 décembre 2027",
        "ce sera la reconduction 1 sur 3",
        "Un an à partir du 1er janvier 2027, plus trois reconductions d’un an\u202f: le terme est le 31 décembre 2030.",
        "31 décembre 2030 (encore 1\u00a0218\u00a0jours)",
        "ouvert jusqu’au 31 décembre 2030",
        "11 décembre 2027",
    ):
        assert said in shown


def test_a_notice_shows_its_day_before_it_is_noted(sides: Sides, referent: Client) -> None:
    signed = signed_agreement(sides)
    form = {"letter": "1A 234", "sent_on": "2027-08-28", "received_on": "2027-08-31", "reason": ""}
    with at(LATER):
        shown = words(referent.post(page(sides.commune, signed.id, "preavis"), form))
        assert "Dernier jour\u202f: le 30 novembre 2027" in shown
        assert "Ce mois n’a pas de 31" in shown
        assert "Le 1er décembre 2027, l’outil d’achat passe en lecture seule pour Illzach" in shown
        assert "Vous ne pourrez pas revenir en arrière" in shown
        assert again(signed).state == "running"
        edited = words(referent.post(page(sides.commune, signed.id, "preavis"), {**form, "edit": "1"}))
        assert 'value="1A 234"' in edited
        done = words(referent.post(page(sides.commune, signed.id, "preavis"), {**form, "confirm": "1"}, follow=True))
    assert "Dernier jour\u202f: le 30 novembre 2027, dans 91\u00a0jours" in done
    assert again(signed).state == "notice"


def test_a_wrong_letter_is_told_beside_its_field(sides: Sides, referent: Client) -> None:
    signed = signed_agreement(sides)
    form = {"letter": "1A 234", "sent_on": "2027-08-28", "received_on": "2027-09-02", "confirm": "1"}
    with at(LATER):
        shown = words(referent.post(page(sides.commune, signed.id, "preavis"), form))
    assert "Notez le préavis quand l’avis de réception est revenu" in shown
    assert again(signed).state == "running"


def test_the_agglomeration_ends_it_with_a_reason(sides: Sides, coordinator: Client) -> None:
    signed = signed_agreement(sides)
    with at(LATER):
        assert "Vous ne pourrez pas revenir en arrière" in words(coordinator.get(page(sides.whole, signed.id, "fin")))
        assert "Il manque cette réponse" in words(coordinator.post(page(sides.whole, signed.id, "fin"), {}))
        done = coordinator.post(page(sides.whole, signed.id, "fin"), {"reason": "Changement d’outil"}, follow=True)
        assert "en lecture seule depuis le 1er septembre 2027" in words(done)
        assert "L’agglomération y a mis fin sans préavis" in words(done)
        assert "Préparer la convention suivante" in words(done)


def terms_form(blocks: list[dict[str, str]], parts: list[dict[str, str]]) -> dict[str, str]:
    form = {}
    for prefix, rows in (("articles", blocks), ("annexe", parts)):
        form |= {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(len(rows))}
        form |= {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return form


def test_the_text_of_a_draft_is_rewritten_block_by_block(sides: Sides, coordinator: Client) -> None:
    draft = a_draft(sides)
    form = terms_form(
        [{"title": "Objet", "text": "Un.\n\nDeux."}, {"title": "", "text": ""}],
        [{"title": "Aide", "items": "Le matin\nLe soir"}],
    )
    here = page(sides.whole, draft.id, "modifier")
    assert "Titre de l’article" in words(coordinator.get(here))
    assert coordinator.post(here, {"number": "C-1", "starts_on": "", **form}).status_code == 302
    with scope.authority(sides.whole.id):
        assert draft.versions.get().terms == {
            "articles": [{"title": "Objet", "text": "Un.\nDeux."}],
            "annex": [{"title": "Aide", "items": ["Le matin", "Le soir"]}],
        }
    half = terms_form([{"title": "", "text": "Sans titre"}], [{"title": "Aide", "items": "Le matin"}])
    shown = words(coordinator.post(here, {"number": "C-1", **half}))
    assert "Ce texte n’a pas de titre" in shown
    assert "Sans titre</textarea>" in shown
    double = terms_form([{"title": "Objet", "text": "Un"}, {"title": "Objet", "text": "Deux"}], [])
    assert "Deux titres sont les mêmes" in words(coordinator.post(here, {"number": "C-1", **double}))


def test_an_amendment_from_its_text_to_its_signature(sides: Sides, coordinator: Client, referent: Client) -> None:
    signed = signed_agreement(sides)
    with at(LATER):
        here = page(sides.whole, signed.id, "avenant")
        assert "Écrire un avenant" in words(coordinator.get(here))
        form = terms_form([{"title": "Objet", "text": "Court."}], [{"title": "Aide", "items": "Le matin"}])
        written = coordinator.post(here, {"subject": "Texte court", **form})
        assert written.url == page(sides.whole, signed.id, "versions", 2)
        shown = words(referent.get(page(sides.commune, signed.id, "versions", 2)))
        assert "En préparation, pas encore signé" in shown
        assert "<ins>Court.</ins>" in shown
        assert "Noter la signature" not in shown
        sign = page(sides.whole, signed.id, "avenant", "signature")
        assert "Il manque cette réponse" in words(coordinator.post(sign, {"signed_on": "2027-09-01"}))
        done = coordinator.post(
            sign, {"signed_on": "2027-09-01", "effective_on": "2027-09-01", "file": a_paper()}, follow=True
        )
        assert "Texte court" in words(done)
    with scope.authority(sides.whole.id):
        assert versions_of(again(signed)).signed[-1].number == 2


def test_an_amendment_is_given_up(sides: Sides, coordinator: Client) -> None:
    signed = signed_agreement(sides)
    with at(LATER):
        with scope.authority(sides.whole.id):
            old = versions_of(signed).present.terms
            draft_amendment(signed.id, subject="Moins", terms={**old, "annex": []})
        here = page(sides.whole, signed.id, "avenant", "abandon")
        assert "Moins" in words(coordinator.get(here))
        assert coordinator.post(here).status_code == 302
        assert "Préparer un avenant" in words(coordinator.get(page(sides.whole, signed.id)))


@pytest.mark.parametrize("number", [1, 2])
def test_each_version_prints(sides: Sides, referent: Client, number: int) -> None:
    signed = signed_agreement(sides)
    with at(LATER), scope.authority(sides.whole.id):
        old = versions_of(signed).present.terms
        draft_amendment(signed.id, subject="Moins", terms={**old, "annex": old["annex"][:2]})
    with at(LATER):
        got = referent.get(page(sides.commune, signed.id, "versions", f"{number}.pdf").rstrip("/"))
    assert (got.status_code, got["Content-Type"], got.content[:5]) == (200, "application/pdf", b"%PDF-")


VIEWS = {
    "toutes": {"Illzach", "Lutterbach", "Riedisheim", "Kingersheim"}, "sans": {"Kingersheim"},
    "preparation": {"Lutterbach"}, "en-vigueur": {"Illzach", "Riedisheim"}, "a-suivre": {"Riedisheim"},
    "terminees": set(),
}  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
def test_saved_views(sides: Sides, coordinator: Client, view: str) -> None:
    others = [an_authority(name.lower(), name=name, procurement_from=None) for name in ("Lutterbach", "Riedisheim")]
    an_authority("kingersheim", name="Kingersheim", procurement_from=None)
    signed_agreement(sides)
    a_draft(Sides(sides.whole, others[0]))
    leaving = Sides(sides.whole, others[1])
    noticed(leaving, signed_agreement(leaving), LATER)
    with at(LATER + timedelta(days=1)):
        shown = words(coordinator.get(page(sides.whole) + f"?vue={view}"))
        assert {name for name in VIEWS["toutes"] if name in shown} == VIEWS[view]
        found = words(coordinator.get(page(sides.whole) + f"?vue={view}&q=illz"))
        assert ("Illzach" in found) == ("Illzach" in VIEWS[view])


def test_after_the_end_the_commune_reads_and_the_coordinator_prepares_again(
    sides: Sides, coordinator: Client, referent: Client
) -> None:
    signed = signed_agreement(sides)
    with at(END):
        assert "Terminée" in words(referent.get(page(sides.commune, signed.id)))
        export = a_client(sides.commune, "administrator")
        assert "Exporter toutes nos données" in words(export.get(page(sides.commune, signed.id)))
        assert "Préparer la convention" in words(coordinator.get(page(sides.whole) + "?vue=terminees"))


def test_a_paper_is_downloaded_by_the_other_side_only(sides: Sides, referent: Client) -> None:
    draft = with_deliberations(sides, a_draft(sides))
    with scope.authority(sides.whole.id):
        paper = Paper.objects.get(kind=PaperKind.DELIBERATION)
    assert f"pieces/{paper.id}/" in words(referent.get(page(sides.commune, draft.id)))
    got = referent.get(address(sides.commune, "pieces", paper.id))
    assert got.content.startswith(b"%PDF-1.7")
    other = an_authority("autre-rive")
    assert a_client(other, "referent", "Autre").get(address(other, "pieces", paper.id)).status_code == 404
