import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from parvis.accounts.facade import current_codes
from parvis.notifications.backend import OutboxBackend
from tests.accounts.helpers import code_of, text_of, with_totp
from tests.world import an_agent, an_authority

pytestmark = pytest.mark.django_db


def test_letters_and_codes_are_where_a_person_finds_them() -> None:
    agent = with_totp(an_agent(an_authority(), "buyer"))
    OutboxBackend().send_messages(
        [EmailMultiAlternatives("Bonjour", "Lien : http://testserver/x/?a=1&b=2", to=["a@exemple.test"])]
    )
    page = text_of(Client().get("/demo/courrier/"))
    assert code_of(agent) in page
    assert "Acheteur (Valbruche)" in page
    assert "Bonjour" in page
    assert 'href="http://testserver/x/?a=1&amp;b=2"' in page
    assert "Bonjour" not in text_of(Client().get("/demo/courrier/?a=autre"))


def test_codes_are_nobody_s_outside_the_demo(settings: object) -> None:
    settings.LOCAL = False  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError):
        current_codes()
