"""The guided entry through its pages: all may wait, what is wrong is said with an example, nothing is public."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from parvis.audit import facade as audit
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.procurement.models import Consultation, Criterion, Lot, ProcurementDocument
from tests.procurement.draft_world import a_draft, published, with_keys
from tests.world import an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db


class Desk:
    """A buyer before their screen."""

    def __init__(self, house: Authority) -> None:
        self.house = house
        self.person = an_agent(house, "buyer")
        self.client = signed_in(self.person, house, "buyer")

    def url(self, consultation: Consultation, step: str) -> str:
        return reverse("edit_consultation", args=[self.house.slug, consultation.id, step])

    def post(self, consultation: Consultation, step: str, **data: Any) -> Any:
        return self.client.post(self.url(consultation, step), data)

    def draft(self, **fields: Any) -> Consultation:
        with scope.authority(self.house.id):
            return a_draft(self.person.id, **fields)

    def fresh(self, consultation: Consultation) -> Consultation:
        with scope.authority(self.house.id):
            found: Consultation = Consultation.objects.get(id=consultation.id)
            return found


@pytest.fixture
def desk() -> Desk:
    return Desk(an_authority())


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def test_a_new_consultation_takes_the_next_reference(desk: Desk) -> None:
    page = reverse("new_consultation", args=[desk.house.slug])
    year = clock.now().astimezone(clock.PARIS).year
    for number in (1, 2):
        answer = desk.client.post(page, {"title": "Balayeuse", "nature": "supplies"})
        assert answer.status_code == 302
        assert answer.url.endswith("/modifier/objet/")
        with scope.authority(desk.house.id):
            assert Consultation.objects.filter(reference=f"{year}-F-{number:03d}", state="draft").exists()
    refused = desk.client.post(page, {"title": "", "nature": ""})
    assert refused.status_code == 200
    assert "2 points à corriger" in text(refused)


def test_every_step_is_shown_and_saved_empty(desk: Desk) -> None:
    made = desk.draft(complete=False)
    forms: dict[str, dict[str, str]] = {
        "objet": {"title": "", "reference": made.reference}, "procedure": {}, "enveloppes": {}, "calendrier": {},
        "contact": {}, "documents": {},
        "lots": {"lots-TOTAL_FORMS": "0", "lots-INITIAL_FORMS": "0"},
        "criteres": {"criteres-TOTAL_FORMS": "0", "criteres-INITIAL_FORMS": "0"},
    }  # fmt: skip
    for step, data in forms.items():
        shown = desk.client.get(desk.url(made, step))
        assert shown.status_code == 200, step
        answer = desk.post(made, step, **data)
        assert answer.status_code == 302, (step, text(answer))
    last = desk.client.get(desk.url(made, "verification"))
    assert "réponses" in text(last)
    assert "#id_title" in text(last)


def test_rows_sent_twice_are_kept(desk: Desk) -> None:
    """An autosave, then the same form: the second must not take the rows for empty ones."""
    made = desk.draft(complete=False)
    lots = {"lots-TOTAL_FORMS": "1", "lots-INITIAL_FORMS": "0", "lots-0-title": "Couverture"}
    criteria = {
        "criteres-TOTAL_FORMS": "1", "criteres-INITIAL_FORMS": "0", "criteres-0-label": "Prix",
        "criteres-0-weight": "100", "criteres-0-lot": "",
    }  # fmt: skip
    for _time in range(2):
        desk.post(made, "lots", **lots)
        desk.post(made, "criteres", **criteria)
    with scope.authority(desk.house.id):
        assert [lot.title for lot in Lot.objects.filter(consultation=made)] == ["Couverture"]
        assert [c.label for c in Criterion.objects.filter(consultation=made)] == ["Prix"]


def test_the_whole_entry_makes_a_complete_draft(desk: Desk) -> None:
    made = desk.draft(complete=False)
    desk.post(
        made, "objet", title="Réfection de la toiture", nature="works", purpose="Couverture de l’école.",
        reference="2027-t-004", cpv="45261910", place_nuts="FRF12", place="École du Centre", duration_months="6",
    )  # fmt: skip
    desk.post(made, "procedure", estimated_cents="180 000,50", procedure="adapted")
    rows = {
        "lots-TOTAL_FORMS": "2",
        "lots-INITIAL_FORMS": "0",
        "lots-0-title": "Couverture",
        "lots-1-title": "Zinguerie",
    }
    desk.post(made, "lots", **rows)
    desk.post(made, "criteres", **{
        "criteres-TOTAL_FORMS": "3", "criteres-INITIAL_FORMS": "0", "criteres-0-label": "Prix",
        "criteres-0-weight": "66,67", "criteres-1-label": "Valeur technique", "criteres-1-weight": "33,33 %",
        "criteres-2-label": "", "criteres-2-weight": "", "criteres-2-lot": "",
    })  # fmt: skip
    desk.post(made, "enveloppes", application_expected="on", opening_order="bids_first")
    desk.post(
        made,
        "calendrier",
        deadline_day="2027-01-12",
        deadline_hour="12:00",
        questions_day="04/01/2027",
        questions_hour="17:00",
    )
    desk.post(made, "contact", contact_name="Service des marchés", contact_email="marches@exemple.test")
    desk.client.post(desk.url(made, "documents"), {
        "files": [SimpleUploadedFile("RC.pdf", b"%PDF rules"), SimpleUploadedFile("CCP.pdf", b"%PDF specifications")]
    })  # fmt: skip
    found = desk.fresh(made)
    assert (found.reference, found.place_nuts, found.estimated_cents) == ("2027-T-004", "FRF12", 18_000_050)
    assert found.deadline == datetime(2027, 1, 12, 11, tzinfo=UTC)
    assert found.questions_until == datetime(2027, 1, 4, 16, tzinfo=UTC)
    assert (found.opening_order, found.application_expected, found.backup_copy) == ("bids_first", True, False)
    with scope.authority(desk.house.id):
        assert [lot.title for lot in Lot.objects.filter(consultation=made)] == ["Couverture", "Zinguerie"]
        assert [c.weight_hundredths for c in Criterion.objects.filter(consultation=made)] == [6667, 3333]
        kinds = [one.kind for one in ProcurementDocument.objects.filter(consultation=made)]
        assert kinds == ["rules", "specifications_single"]
    with clock.frozen_at(datetime(2026, 12, 1, tzinfo=UTC)):
        assert "La saisie est complète" in text(desk.client.get(desk.url(made, "verification")))


WRONG = [
    ("objet", "reference", "l'été", "2026-F-012"),
    ("objet", "cpv", "toiture", "8 chiffres"),
    ("objet", "duration_months", "six", "par exemple 12"),
    ("objet", "duration_months", "0", "par exemple 12"),
    ("objet", "title", "x" * 201, "200 caractères au plus"),
    ("procedure", "estimated_cents", "beaucoup", "12 500,50"),
    ("procedure", "estimated_cents", "12,345", "12 500,50"),
    ("procedure", "estimated_cents", "-3", "montant positif"),
    ("calendrier", "deadline_day", "2027-02-30", "12/01/2027"),
    ("calendrier", "deadline_hour", "26:00", "12:00"),
    ("contact", "contact_email", "marches", "marches@commune.fr"),
]


@pytest.mark.parametrize(("step", "name", "value", "example"), WRONG)
def test_a_wrong_answer_is_said_with_an_example_and_the_rest_is_kept(
    desk: Desk, step: str, name: str, value: str, example: str
) -> None:
    made = desk.draft(complete=False)
    others = {
        "objet": ("place", "École"),
        "procedure": ("procedure", "open"),
        "contact": ("contact_phone", "03 89"),
        "calendrier": ("urgent", "on"),
    }
    kept, kept_value = others[step]
    data = {"title": "T", "reference": "2027-T-009", kept: kept_value} if step == "objet" else {kept: kept_value}
    before = getattr(made, name) if hasattr(made, name) else None
    answer = desk.post(made, step, **{**data, name: value})
    assert answer.status_code == 200
    assert "Un point à corriger" in text(answer)
    assert example in text(answer).replace("&#x27;", "'")
    assert f'href="#id_{name}' in text(answer)
    found = desk.fresh(made)
    assert getattr(found, kept) == (True if kept_value == "on" else kept_value)
    if hasattr(found, name):
        assert getattr(found, name) == before


@pytest.mark.parametrize(
    ("day", "hour", "words"), [("2027-03-28", "02:30", "existe pas"), ("2027-10-31", "02:30", "deux fois")]
)
def test_the_two_nights_of_clock_change_are_refused(desk: Desk, day: str, hour: str, words: str) -> None:
    made = desk.draft(complete=False)
    answer = desk.post(made, "calendrier", deadline_day=day, deadline_hour=hour)
    assert words in text(answer)
    assert desk.fresh(made).deadline is None


def test_the_calendar_explains_the_earliest_lawful_day(desk: Desk) -> None:
    made = desk.draft(procedure="open")
    page = text(desk.client.get(desk.url(made, "calendrier")))
    assert "Date limite au plus tôt" in page
    assert "Pourquoi" in page
    assert "30 jours" in page


def test_a_value_that_does_not_fit_the_procedure_warns(desk: Desk) -> None:
    made = desk.draft(estimated_cents=700_000_000)
    page = text(desk.client.get(desk.url(made, "procedure")))
    assert "seuil européen" in page


def test_an_autosave_answers_in_json_and_keeps_what_is_right(desk: Desk) -> None:
    made = desk.draft(complete=False)
    data = {"title": "Toiture neuve", "reference": made.reference, "duration_months": "si"}
    answer = desk.client.post(desk.url(made, "objet"), data, headers={"Accept": "application/json"})
    body = json.loads(answer.content)
    assert (answer.status_code, body["saved"], list(body["errors"])) == (200, False, ["duration_months"])
    assert "Toiture neuve" in body["summary"]
    assert desk.fresh(made).title == "Toiture neuve"
    with scope.authority(desk.house.id):
        before = len(audit.facts([made.id], ["consultation.saved"]))
    desk.client.post(desk.url(made, "objet"), data, headers={"Accept": "application/json"})
    with scope.authority(desk.house.id):
        assert len(audit.facts([made.id], ["consultation.saved"])) == before, "the same answers again are no fact"


def test_an_autosaved_new_lot_is_not_made_twice(desk: Desk) -> None:
    made = desk.draft(complete=False)
    rows = {
        "lots-TOTAL_FORMS": "2",
        "lots-INITIAL_FORMS": "0",
        "lots-0-title": "Couverture",
        "lots-1-title": "Zinguerie",
    }
    desk.post(made, "lots", **rows)
    with scope.authority(desk.house.id):
        first = list(Lot.objects.filter(consultation=made).values_list("id", flat=True))
    desk.post(made, "lots", **{**rows, "lots-1-title": "Zinc"})
    with scope.authority(desk.house.id):
        assert list(Lot.objects.filter(consultation=made).values_list("id", flat=True)) == first
        assert Lot.objects.get(consultation=made, number=2).title == "Zinc"


def test_removing_the_first_lot_keeps_the_criteria_of_the_second(desk: Desk) -> None:
    made = desk.draft(lots=3)
    with scope.authority(desk.house.id):
        one, two, three = Lot.objects.filter(consultation=made)
    weights = {
        "criteres-TOTAL_FORMS": "1",
        "criteres-INITIAL_FORMS": "0",
        "criteres-0-label": "Prix du lot",
        "criteres-0-weight": "100",
        "criteres-0-lot": "2",
    }
    assert desk.post(made, "criteres", **weights).status_code == 302
    rows = {"lots-TOTAL_FORMS": "3", "lots-INITIAL_FORMS": "3", "lots-0-DELETE": "on"}
    for index, lot in enumerate((one, two, three)):
        rows |= {f"lots-{index}-id": str(lot.id), f"lots-{index}-title": lot.title}
    assert desk.post(made, "lots", **rows).status_code == 302
    with scope.authority(desk.house.id):
        assert [(lot.number, lot.id) for lot in Lot.objects.filter(consultation=made)] == [(1, two.id), (2, three.id)]
        assert Criterion.objects.get(consultation=made).lot_id == two.id


def test_keys_stand_until_their_loss_is_agreed(desk: Desk) -> None:
    made = desk.draft()
    with scope.authority(desk.house.id):
        with_keys(made, desk.person.id)
    refused = desk.post(made, "enveloppes", opening_order="applications_first")
    assert refused.status_code == 200
    assert "Refaire la cérémonie des clés" in text(refused)
    assert desk.fresh(made).application_expected
    agreed = desk.post(made, "enveloppes", opening_order="applications_first", discard_keys="1")
    assert agreed.status_code == 302
    assert not desk.fresh(made).application_expected


def test_documents_are_sorted_renamed_removed_and_versioned(desk: Desk) -> None:
    made = desk.draft()
    with scope.authority(desk.house.id):
        first, second = ProcurementDocument.objects.filter(consultation=made)
    versions = {desk.fresh(made).documents_version}
    names = {f"title-{first.id}": "Règlement.docx", f"title-{second.id}": second.title}
    desk.post(made, "documents", **names, move=f"down {first.id}")
    versions.add(desk.fresh(made).documents_version)
    with scope.authority(desk.house.id):
        titles = [one.title for one in ProcurementDocument.objects.filter(consultation=made)]
    assert titles == [second.title, "Règlement.docx.pdf"], "the extension tells the truth whatever is typed"
    remove = reverse("remove_document", args=[desk.house.slug, made.id, second.id])
    assert desk.client.post(remove).status_code == 302
    versions.add(desk.fresh(made).documents_version)
    assert len(versions) == 3
    assert all(len(version) == 64 for version in versions)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("vide.pdf", b"", "est vide"), ("virus.exe", b"MZ", "format accepté"), ("RC.pdf", b"%PDF", "s’appelle déjà")],
)
def test_a_document_that_cannot_be_taken_is_refused(desk: Desk, name: str, content: bytes, words: str) -> None:
    made = desk.draft(complete=False)
    desk.client.post(desk.url(made, "documents"), {"files": [SimpleUploadedFile("RC.pdf", b"%PDF first")]})
    version = desk.fresh(made).documents_version
    answer = desk.client.post(desk.url(made, "documents"), {"files": [SimpleUploadedFile(name, content)]})
    assert answer.status_code == 200
    assert words in text(answer)
    assert desk.fresh(made).documents_version == version


def test_a_cpv_code_is_found_by_a_word(desk: Desk, settings: Any, tmp_path: Any) -> None:
    (tmp_path / "sdk").mkdir()
    lines = "code,label_fr\n45261910,Réparation de toitures\n39150000,Mobilier divers\n"
    (tmp_path / "sdk" / "cpv_fr.csv").write_text(lines, "utf-8")
    made = desk.draft(complete=False)
    page = reverse("cpv_search", args=[desk.house.slug, made.id])
    found = text(desk.client.get(page, {"q": "toiture"}))
    assert "45261910" in found
    assert "39150000" not in found
    desk.client.post(page, {"cpv": "45261910"})
    assert desk.fresh(made).cpv == "45261910"
    unknown = desk.post(made, "objet", title="T", reference=made.reference, cpv="99999999")
    assert "n’est pas dans la liste" in text(unknown)


def test_the_list_counts_what_it_shows(desk: Desk) -> None:
    page = reverse("desk", args=[desk.house.slug])
    assert "Aucune consultation en préparation" in text(desk.client.get(page))
    draft = desk.draft()
    live = published(desk.house, desk.person.id)
    with clock.frozen_at(datetime(2031, 1, 1, tzinfo=UTC)):
        to_open = text(desk.client.get(page, {"vue": "a-ouvrir"}))
    running = text(desk.client.get(page, {"vue": "en-cours"}))
    drafts = text(desk.client.get(page, {"vue": "preparation"}))
    assert live.reference in to_open
    assert live.reference in running
    assert draft.reference not in running
    assert draft.reference in drafts
    assert "data-keys" in drafts
    assert drafts.count('<span class="tabs__count">1</span>') == 2
    assert '<span class="tabs__count">2</span>' in drafts
    assert "ne contient" in text(desk.client.get(page, {"vue": "preparation", "q": "introuvable"}))


def test_the_file_says_what_is_due_and_what_happened(desk: Desk) -> None:
    made = desk.draft(contact_email="")
    page = reverse("desk_consultation", args=[desk.house.slug, made.id])
    shown = text(desk.client.get(page))
    assert "#id_contact_email" in shown
    assert "Dossier ouvert" in shown
    ceremony, entry = (reverse("ceremony", args=[desk.house.slug, made.id]), "#id_contact_email")
    assert "cérémonie des clés" in shown
    assert ceremony not in shown, "a door that is closed to the buyer is not shown as one"
    chair = text(signed_in(an_agent(desk.house, "board_chair", "Paule Préside"), desk.house, "board_chair").get(page))
    assert ceremony in chair
    assert entry not in chair
    refused = desk.client.post(reverse("publish_consultation", args=[desk.house.slug, made.id]), follow=True)
    assert "points empêchent de publier" in text(refused)


def test_publication_by_its_page_asks_first(desk: Desk) -> None:
    with scope.authority(desk.house.id):
        made = a_draft(desk.person.id)
        with_keys(made, desk.person.id)
    page = reverse("publish_consultation", args=[desk.house.slug, made.id])
    assert "Publier maintenant" in text(desk.client.get(page))
    assert desk.fresh(made).state == "draft"
    done = desk.client.post(page, follow=True)
    assert "est publiée" in text(done)
    assert desk.fresh(made).state == "published"
    closed = desk.client.get(desk.url(made, "objet"))
    assert closed.status_code == 302


def test_a_draft_is_given_up(desk: Desk) -> None:
    made = desk.draft()
    page = reverse("cancel_draft", args=[desk.house.slug, made.id])
    assert "Vous ne pourrez pas revenir en arrière" in text(desk.client.get(page))
    desk.client.post(page)
    assert desk.fresh(made).state == "cancelled"


def test_another_authority_and_other_roles_stay_out(desk: Desk) -> None:
    made = desk.draft()
    other = an_authority("autre-commune")
    stranger = signed_in(an_agent(other, "buyer", "Alex Ailleurs"), other, "buyer")
    observer = signed_in(an_agent(desk.house, "observer", "Sacha Regard"), desk.house, "observer")
    pages = [desk.url(made, "objet"), reverse("desk_consultation", args=[desk.house.slug, made.id])]
    for page in pages:
        assert stranger.get(page).status_code == 403
        assert Client().get(page).status_code == 302
    through_own = reverse("desk_consultation", args=[other.slug, made.id])
    assert stranger.get(through_own).status_code == 404
    assert observer.get(pages[1]).status_code == 200
    assert observer.post(pages[0], {"title": "x"}).status_code == 403
    assert observer.post(reverse("publish_consultation", args=[desk.house.slug, made.id])).status_code == 403
