"""Letters keep no secret once they have left."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.mail.backends.smtp import EmailBackend

from parvis.notifications.facade import send
from parvis.notifications.models import Message
from parvis.notifications.services.deliver_message import deliver_message

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("of_an_authority", "kept"), [(False, ""), (True, "https://parvis.example/secret")])
def test_the_link_of_an_account_is_not_kept_after_it_left(
    of_an_authority: bool, kept: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MAIL_URL = "smtp://mail.example:587"
    monkeypatch.setattr(EmailBackend, "send_messages", lambda self, letters: len(letters))
    house = uuid4() if of_an_authority else None
    send("a@exemple.test", "Lien", "https://parvis.example/secret", html="<p>x</p>", once_key="k", authority_id=house)
    message = Message.objects.get()
    deliver_message(message.id)
    message.refresh_from_db()
    assert (message.state, message.text) == ("sent", kept)
