"""The minutes of an opening, written from the facts: who, when, what was opened, kept sealed or unreadable."""

import io

import pytest
from pypdf import PdfReader

from parvis.documents import facade as documents
from parvis.kit import scope
from parvis.procurement.models import OpeningSession, Submission
from parvis.procurement.services.minutes_pdf import minutes_pdf
from tests.procurement.sealed_world import (
    MICROSECOND,
    MINUTE,
    SOME_FILES,
    T,
    World,
    announced,
    closed,
    company,
    deposited,
    moved_on,
    published,
    sealed_at,
    sealed_file,
    session_started,
    stage_opened,
    waiting_envelopes,
    whole_opening,
)

pytestmark = pytest.mark.django_db
BEFORE = T - MINUTE


def minutes(world: World) -> str:
    with scope.authority(world.house.id):
        session = OpeningSession.objects.select_related("consultation").get(consultation=world.consultation)
        reader = PdfReader(io.BytesIO(minutes_pdf(session, world.view)))
    assert "/StructTreeRoot" in reader.trailer["/Root"]  # type: ignore[operator]
    return " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\u202f", " ").split())


def section(text: str, start: str, end: str) -> str:
    return text[text.index(start) : text.index(end)]


def test_the_minutes_say_who_was_there_what_opened_and_what_stayed_sealed() -> None:
    world, owner, rival = published(), company("Toitures Invention"), company("Rivale", "55208131766522")
    deposited(world, owner, BEFORE)
    last = deposited(world, owner, T)
    deposited(world, rival, T + MICROSECOND)
    whole_opening(world)
    text = minutes(world)
    compact = text.replace(" ", "")
    assert world.house.name in text
    assert world.consultation.title in text
    for custodian in world.custodians:
        assert f"{custodian.person.full_name}, Membre de la commission" in text
    keys = section(text, "Clés d’ouverture", "Plis ouverts")
    assert keys.count("à 12 h 02") == 4
    assert world.custodians[2].person.full_name not in keys
    opened = section(text, "Plis ouverts", "Plis écartés")
    assert "Plis ouverts (1)" in text
    assert "Pli n° 2, Toitures Invention" in opened
    assert "Rivale" not in opened
    for name in SOME_FILES:
        assert opened.replace(" ", "").count(name.replace(" ", "")) == 3
    for envelope in last.receipt["receipt"]["envelopes"]:
        assert envelope["sha256"] in compact
    kept = text[text.index("Plis écartés") :]
    assert "Plis écartés, non examinés (2)" in kept
    assert "Pli n° 1, Toitures Invention" in kept
    assert "remplacé par un pli plus récent" in kept
    assert "Pli n° 3, Rivale" in kept
    assert "00,000001 s" in kept
    assert "hors délai (R2143-2, R2151-5)" in kept


def test_the_minutes_give_the_reason_of_an_unreadable_envelope() -> None:
    world, owner = published(lots=0), company()
    application = announced(world, owner, sealed_file(world, owner, "application", None))
    bid = sealed_file(world, owner, "bid", None)
    bid.data = bid.data[:-30]
    sealed_at(world, owner, BEFORE, (application, announced(world, owner, bid)))
    whole_opening(world)
    text = minutes(world)
    assert "Non lisible." in text
    assert "abîmé ou coupé" in text
    assert text.count("conforme au récépissé") == 2


def test_the_minutes_do_not_hide_that_our_own_copy_changed() -> None:
    world = published(lots=0)
    deposited(world, company(), BEFORE, lots=(None,))
    session_started(world)
    stage_opened(world, "application")
    moved_on(world)
    with scope.authority(world.house.id):
        path = documents.upload_path(waiting_envelopes(world, "bid")[0].upload_id)
    path.write_bytes(b"altered")
    stage_opened(world, "bid")
    closed(world)
    text = minutes(world)
    assert text.count("conforme au récépissé") == 1
    assert "Empreinte du récépissé, non retrouvée" in text
    assert "plus ceux du récépissé" in text


def test_what_arrives_after_the_closing_changes_the_list_of_the_kept_alone() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    whole_opening(world)
    before = minutes(world)
    deposited(world, company("Rivale", "55208131766522"), T)
    after = minutes(world)
    assert section(before, "Séance ouverte", "Plis écartés") == section(after, "Séance ouverte", "Plis écartés")
    assert "parvenu au registre après la clôture de la séance" in after
    with scope.authority(world.house.id):
        assert Submission.objects.filter(after_closing=True).count() == 1


def test_a_replaced_submission_that_had_been_opened_is_said_to_have_been() -> None:
    world, owner = published(lots=0), company()
    deposited(world, owner, BEFORE, lots=(None,))
    session_started(world)
    stage_opened(world, "application")
    deposited(world, owner, T, lots=(None,))
    stage_opened(world, "application")
    moved_on(world)
    stage_opened(world, "bid")
    closed(world)
    assert "ouvert en séance avant que n’y parvienne un pli plus récent" in minutes(world)


def test_minutes_of_a_session_without_submissions() -> None:
    world = published()
    session_started(world)
    closed(world)
    text = minutes(world)
    assert "Aucun pli n’est arrivé dans les délais." in text
    assert "Aucun." in text
