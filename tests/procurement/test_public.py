"""What everybody sees: lists, search, feeds, one consultation; without an account, and without what is not public."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from parvis.audit import facade as audit
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.notifications.models import Message
from parvis.procurement.models import Watcher
from parvis.procurement.services.list_publicly import list_publicly
from parvis.procurement.services.open_test_consultation import open_test_consultation
from parvis.procurement.services.warn_watchers import SALT
from tests.procurement.draft_world import a_document, a_draft, noon_in, published
from tests.world import an_agent, an_authority

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def house() -> Authority:
    return an_authority()


@pytest.fixture
def buyer(house: Authority) -> Any:
    return an_agent(house, "buyer").id


def page(url: str, **query: str) -> str:
    """Asked without an account."""
    answer = Client().get(url, query)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_consultation_is_read_without_an_account(house: Authority, buyer: Any) -> None:
    made = published(house, buyer, estimated_cents=18_765_432, framework=True, framework_max_cents=30_000_000)
    shown = page(reverse("consultation", args=[house.slug, made.id]))
    for words in (
        "En cours",
        "Lot des zingueurs",
        "Valeur technique",
        "marches@exemple.test",
        "300",
        "2\u00a0Go",
        "il reste",
    ):
        assert words in shown
    assert shown.count(">SHA-256 ") == 2
    assert "187" not in shown.replace("\u202f", "").split("<footer")[0].split("SHA-256")[0], "the estimate stays inside"
    assert shown.index("En cours") < shown.index("Date limite de dépôt") < shown.index("<h2>Objet"), (
        "status comes first"
    )


def test_a_draft_is_nowhere(house: Authority, buyer: Any) -> None:
    with scope.authority(house.id):
        made = a_draft(buyer)
        document = a_document(made, buyer, "CCTP.pdf")
    where = [house.slug, made.id]
    for url in (
        reverse("consultation", args=where),
        reverse("documents_zip", args=where),
        reverse("document", args=[*where, document.id]),
    ):
        assert Client().get(url).status_code == 404
    assert Client().post(reverse("watch", args=where), {"email": "a@exemple.test"}).status_code == 404
    for url in (
        reverse("all_consultations"),
        reverse("consultations", args=[house.slug]),
        reverse("all_consultations_feed"),
    ):
        assert made.reference not in page(url)


def test_a_test_consultation_is_flagged_and_out_of_the_lists(house: Authority, buyer: Any) -> None:
    made = published(house, buyer, is_test=True)
    assert "Consultation d’essai" in page(reverse("consultation", args=[house.slug, made.id]))
    assert str(made.id) not in page(reverse("all_consultations"), etat="all")
    assert str(made.id) not in page(reverse("consultations", args=[house.slug]), etat="all")
    assert str(made.id) not in page(reverse("search"), q="toiture")
    assert str(made.id) not in page(reverse("all_consultations_feed"))


def test_another_authority_does_not_serve_it(house: Authority, buyer: Any) -> None:
    made = published(house, buyer)
    other = an_authority("autre-commune")
    assert Client().get(reverse("consultation", args=[other.slug, made.id])).status_code == 404
    assert Client().get(reverse("documents_zip", args=[other.slug, made.id])).status_code == 404
    assert str(made.id) not in page(reverse("consultations", args=[other.slug]))
    assert str(made.id) in page(reverse("all_consultations"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("toiture", True), ("toitures", True), ("toit", True), ("TOITURE ecole", True), ("école", True),
        ("zingueurs", True), ("45261910", True), ("reference", True), ("valbruche", True), ("piscine", False),
        ("toiture piscine", False), ("' | !", False), ("a & b:*", False),
    ],
)  # fmt: skip
def test_search_in_french(house: Authority, buyer: Any, text: str, found: bool) -> None:
    made = published(house, buyer)
    words = made.reference if text == "reference" else text
    assert (str(made.id) in page(reverse("all_consultations"), q=words)) is found
    assert (str(made.id) in page(reverse("search"), q=words)) is found


def test_filters_and_states(house: Authority, buyer: Any) -> None:
    other = an_authority("autre-commune")
    near = published(house, buyer, deadline=noon_in(5))
    far = published(other, buyer, nature="supplies", deadline=noon_in(45))
    all_of = reverse("all_consultations")

    def shown(**query: str) -> set[Any]:
        text = page(all_of, **query)
        return {made.id for made in (near, far) if str(made.id) in text}

    assert shown() == {near.id, far.id}
    assert shown(collectivite=other.slug) == {far.id}
    assert shown(nature="works") == {near.id}
    assert shown(procedure="open") == set()
    assert shown(etat="7") == {near.id}
    assert shown(etat="closed") == set()
    assert shown(nature="nonsense", etat="nonsense", collectivite="nowhere") == {near.id, far.id}
    with clock.frozen_at(clock.now() + timedelta(days=10)):
        assert shown() == {far.id}
        assert shown(etat="closed") == {near.id}
        assert shown(etat="all") == {near.id, far.id}
        assert "Close, plis à ouvrir" in page(reverse("consultation", args=[house.slug, near.id]))


def test_pages_of_a_long_list(house: Authority, buyer: Any) -> None:
    from parvis.procurement.models import PublishedConsultation

    made = published(house, buyer)
    row = PublishedConsultation.objects.get(id=made.id)
    from parvis.kit.ids import new_id

    for number in range(24):
        row.pk = new_id()
        row.reference = f"2026-X-{number:03d}"
        row.save(force_insert=True)
    first, second = page(reverse("all_consultations")), page(reverse("all_consultations"), page="2")
    assert "25 consultations" in first
    assert (first.count('class="card"'), second.count('class="card"')) == (20, 5)
    assert "page=2" in first
    for odd in ("0", "99", "x", "-1", "²"):
        assert page(reverse("all_consultations"), page=odd).count('class="card"') in (20, 5)


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_feeds_are_valid_xml(house: Authority, buyer: Any, kind: str) -> None:
    made = published(house, buyer, title="Toiture <neuve> & zinguerie")
    for url in (reverse("all_consultations_feed"), reverse("consultations_feed", args=[house.slug])):
        answer = Client().get(url, {"format": kind})
        assert answer["Content-Type"].startswith(f"application/{kind}+xml")
        root = ElementTree.fromstring(answer.content)
        if kind == "atom":
            (entry,) = root.findall(f"{ATOM}entry")
            title, link = entry.findtext(f"{ATOM}title"), entry.find(f"{ATOM}link").get("href")  # type: ignore[union-attr]
            assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{made.id}"
        else:
            (item,) = root.iter("item")
            title, link = item.findtext("title"), item.findtext("link")
        assert title == f"Toiture <neuve> & zinguerie ({made.reference})"
        assert link is not None
        assert Client().get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_an_address_is_warned_of_changes_until_it_says_stop(house: Authority, buyer: Any) -> None:
    made = published(house, buyer)
    where = [house.slug, made.id]
    visitor = Client()
    wrong = visitor.post(reverse("watch", args=where), {"email": "atelier"})
    assert wrong.status_code == 422
    assert "incomplète" in wrong.content.decode()
    for _ in range(2):
        assert visitor.post(reverse("watch", args=where), {"email": "Atelier@exemple.test"}).status_code == 302
    assert Message.objects.filter(to="atelier@exemple.test").count() == 1, "asked twice, one confirmation"
    with scope.authority(house.id):
        watcher = Watcher.objects.get()
        a_document(made, buyer, "Plans.pdf")
    message = Message.objects.exclude(title__startswith="Vous serez").get()
    assert "Plans.pdf" in message.text
    token = signing.dumps(str(watcher.id), salt=SALT)
    stop = reverse("stop_watching", args=[*where, token])
    assert stop in message.text
    asked = Client().get(stop)
    assert "Ne plus me prévenir" in asked.content.decode()
    with scope.authority(house.id):
        assert Watcher.objects.get().stopped_at is None, "a mail filter that follows links stops nothing"
    assert "ne recevra plus rien" in Client().post(stop).content.decode()
    with scope.authority(house.id):
        a_document(made, buyer, "Coupes.pdf")
    assert not Message.objects.filter(text__contains="Coupes.pdf").exists()
    assert Client().get(reverse("stop_watching", args=[*where, "x" * 20])).status_code == 404


def test_a_document_added_later_gives_a_new_version_and_a_fact(house: Authority, buyer: Any) -> None:
    made = published(house, buyer)
    with scope.authority(house.id):
        a_document(made, buyer, "Plans.pdf")
        facts = audit.facts([made.id], ["documents.added"])
    assert facts[-1].data["version"] != made.documents_version
    assert "Plans.pdf" in page(reverse("consultation", args=[house.slug, made.id]))
    with clock.frozen_at(datetime(2031, 1, 1, tzinfo=UTC)), scope.authority(house.id):
        from parvis.kit.errors import Refusal

        with pytest.raises(Refusal, match="ne changent plus"):
            a_document(made, buyer, "Trop tard.pdf")


def test_the_permanent_trial_says_only_what_it_has(house: Authority) -> None:
    with scope.authority(house.id):
        trial = open_test_consultation(house.id)
    shown = page(reverse("consultation", args=[house.slug, trial.id]))
    assert "Ouverte à toute heure" in shown
    for absent in ("Télécharger tous les documents", "Critères d’attribution", "mailto:", "0 mois"):
        assert absent not in shown
    assert reverse("try_a_deposit") in page("/")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("opening", "La commission ouvre les plis"),
        ("opened", "L’acheteur les examine"),
        ("discontinued", "ne donne pas suite"),
    ],
)
def test_later_states_stay_public(house: Authority, buyer: Any, state: str, words: str) -> None:
    made = published(house, buyer)
    with scope.authority(house.id):
        made.state = state
        made.save()
        list_publicly(made)
    shown = page(reverse("consultation", args=[house.slug, made.id]))
    assert words in shown
    assert "Déposer un pli" not in shown
    assert str(made.id) in page(reverse("all_consultations"), etat="closed")
    assert str(made.id) not in page(reverse("all_consultations"))
