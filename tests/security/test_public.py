"""What a visitor without an account may abuse: our letters, our search, our error pages, our lists."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from parvis.accounts.facade import Limit
from parvis.notifications.models import Message
from parvis.procurement.web.public import consultation as public
from tests.procurement.sealed_world import MINUTE, T, World, company, deposited, published
from tests.world import signed_in

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def watch(world: World, email: str, client: Client | None = None) -> int:
    where = reverse("watch", args=[world.house.slug, world.consultation.id])
    return (client or Client()).post(where, {"email": email}).status_code


def test_the_warnings_are_no_way_to_write_to_the_whole_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "A_VISITOR", Limit(3, HOUR))
    world = published()
    answers = [watch(world, f"victime{n}@exemple.test") for n in range(5)]
    assert answers == [302, 302, 302, 429, 429]
    assert Message.objects.filter(to__startswith="victime").count() == 3


def test_nor_to_bury_one_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "AN_ADDRESS", Limit(2, HOUR))
    world = published()
    one = [
        watch(world, "Victime@exemple.test"),
        watch(world, "victime@exemple.test"),
        watch(world, "victime@exemple.test"),
    ]
    assert one == [302, 302, 429]
    assert watch(world, "autre@exemple.test") == 302


@pytest.mark.parametrize(
    "address", ["a@exemple.test\nBcc: b@exemple.test", "a@exemple.test\r\n\r\nbonjour", "a@b\x00.fr"]
)
def test_no_address_writes_a_header(address: str) -> None:
    world = published()
    watch(world, address)
    assert not Message.objects.filter(to__contains="\n").exists()
    assert all("\n" not in to for letter in mail.outbox for to in letter.to)


@pytest.mark.parametrize(
    "value", ["\x00", "%", "'; DROP TABLE x; --", "\ud800", "é" * 5000, "-1", "9" * 40, "\r\nX: y"]
)
def test_no_query_breaks_a_page(value: str) -> None:
    world = published()
    deposited(world, company(), T - MINUTE)
    house = world.house.slug
    agent = signed_in(world.buyer, world.house, "buyer")
    names = ("q", "page", "a", "vue", "etat", "format", "nature", "collectivite", "texte", "view", "next")
    query = {name: value.encode("utf-8", "surrogatepass").decode("latin-1") for name in names}
    for address in (
        reverse("all_consultations"), reverse("consultations", args=[house]), "/recherche/", "/plan-du-site/",
        reverse("all_consultations_feed"), reverse("desk", args=[house]), "/compte/connexion/", "/demo/courrier/",
        reverse("deposit_register", args=[house, world.consultation.id]),
        reverse("download_register", args=[house, world.consultation.id]),
    ):  # fmt: skip
        answer = agent.get(address, query)
        assert answer.status_code < 500, (address, value)
        assert "X" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/nulle-part/", "/valbruche/consultations/x/", "/%00/", "/valbruche/bureau/../../etc"]
)
def test_an_error_says_nothing_of_the_house(path: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    text = answer.content.decode()
    assert answer.status_code in {400, 404}
    for secret in ("Traceback", "django", "settings", "postgres", "/src/", "Exception"):
        assert secret.lower() not in text.lower()
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_a_broken_page_says_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret-of-the-house")

    monkeypatch.setattr("parvis.procurement.web.public.lists.search_published", broken)
    answer = Client(raise_request_exception=False).get(reverse("all_consultations"))
    assert answer.status_code == 500
    assert "secret-of-the-house" not in answer.content.decode()
    assert "default-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("page", ["ouvrir", "verifier"])
def test_the_stand_alone_pages_run_nothing_but_themselves_and_stand_in_no_frame(page: str) -> None:
    """They read private keys and receipts."""
    answer = Client().get(f"/static/kit/standalone/{page}.html")
    assert answer.status_code == 200
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "frame-ancestors 'none'"
    text = b"".join(answer).decode()  # type: ignore[arg-type]
    assert "content=\"default-src 'none'; script-src 'sha256-" in text
