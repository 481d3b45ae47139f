"""An e-mail leaves once, after the commit, and nothing is lost while the mail server is away."""

import pytest
from django.db import connection, transaction

from parvis.notifications import facade
from parvis.notifications.models import Message
from parvis.notifications.services.deliver_message import deliver_message

pytestmark = pytest.mark.django_db


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notifications.deliver'")
        return int(cursor.fetchone()[0])


def test_the_same_once_key_writes_one_message_and_one_job() -> None:
    for _ in range(3):
        facade.send("a@exemple.test", "Titre\nsur deux lignes", "Texte", once_key="receipt:1")
    assert (Message.objects.count(), jobs()) == (1, 1)
    assert facade.messages()[0].title == "Titre sur deux lignes"


def test_a_change_that_is_rolled_back_sends_nothing() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        facade.send("a@exemple.test", "Titre", "Texte", once_key="receipt:1")
        1 / 0  # noqa: B018
    assert (Message.objects.count(), jobs()) == (0, 0)


def test_without_a_mail_server_the_demo_delivers_to_its_mailbox() -> None:
    facade.send("a@exemple.test", "Titre", "Texte", once_key="k")
    view = facade.messages(state="waiting")[0]
    deliver_message(view.id)
    assert [(m.state, m.state_label, m.attempts) for m in facade.messages()] == [
        ("sent", "Remis au serveur de messagerie", 1)
    ]
