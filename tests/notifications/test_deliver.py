"""Delivery by SMTP: a server that is away, dies in the middle, or refuses; nothing is lost and the server's words are
kept.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from procrastinate.jobs import Job

from parvis.kit import clock
from parvis.kit.errors import RetryLater
from parvis.notifications import facade
from parvis.notifications.contracts import MessageView
from parvis.notifications.models import Message
from parvis.notifications.services import deliver_message as delivering
from parvis.notifications.services.deliver_message import deliver_message
from parvis.notifications.services.resume_waiting import resume_waiting
from parvis.notifications.tasks import Backoff
from tests.notifications.fake_smtp import FakeSmtp

pytestmark = pytest.mark.django_db


def a_message(**more: Any) -> MessageView:
    facade.send("camille@exemple.test", "Votre pli n° 3", "Déposé à 11 h 53.", once_key="k", **more)
    return facade.messages()[0]


def now(message: MessageView) -> MessageView:
    found = facade.message(message.id)
    assert found is not None
    return found


def test_a_letter_arrives_with_both_bodies_and_a_lasting_id(smtp: FakeSmtp) -> None:
    message = a_message(html="<p>Déposé</p>")
    deliver_message(message.id)
    deliver_message(message.id)
    assert (now(message).state, now(message).attempts, len(smtp.letters)) == ("sent", 1, 1)
    assert f"Message-ID: <{message.id}@parvis.example>" in smtp.letters[0]
    assert "text/plain" in smtp.letters[0]
    assert "text/html" in smtp.letters[0]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_dies_midway_loses_nothing(verb: str, smtp: FakeSmtp) -> None:
    message = a_message()
    smtp.dies_at = verb
    with pytest.raises(RetryLater):
        deliver_message(message.id)
    after = now(message)
    assert (after.state, after.attempts, bool(after.last_error), smtp.letters) == ("waiting", 1, True, [])
    smtp.dies_at = ""
    deliver_message(message.id)
    assert (now(message).state, now(message).last_error, len(smtp.letters)) == ("sent", "", 1)


def test_a_server_that_is_away_is_tried_again(settings: Any) -> None:
    settings.MAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = (
        "smtp://x",
        "127.0.0.1",
        1,
        False,
    )
    message = a_message()
    with pytest.raises(RetryLater):
        deliver_message(message.id)
    assert "refused" in now(message).last_error.lower()


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("words", "state"), [(b"550 5.1.1 no such mailbox\r\n", "failed"), (b"451 4.7.1 greylisted\r\n", "waiting")]
)
def test_a_refusal_is_final_or_not_as_the_server_says(verb: str, words: bytes, state: str, smtp: FakeSmtp) -> None:
    message = a_message()
    smtp.refuses_at, smtp.refusal = verb, words
    if state == "waiting":
        with pytest.raises(RetryLater):
            deliver_message(message.id)
    else:
        deliver_message(message.id)
    assert (now(message).state, now(message).last_error) == (state, words.decode().strip())


def test_the_last_attempt_says_it_failed(smtp: FakeSmtp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "MAX_ATTEMPTS", 2)
    message = a_message()
    smtp.dies_at = "MAIL"
    with pytest.raises(RetryLater):
        deliver_message(message.id)
    deliver_message(message.id)
    assert (now(message).state, now(message).attempts) == ("failed", 2)


def test_the_pauses_grow_and_cover_days() -> None:
    def pause(attempts: int) -> float:
        job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
        decision = Backoff().get_retry_decision(exception=RetryLater("x"), job=job)
        assert decision is not None
        assert decision.retry_at is not None
        from datetime import UTC, datetime

        return (decision.retry_at - datetime.now(UTC)).total_seconds()

    pauses = [round(pause(n)) for n in range(delivering.MAX_ATTEMPTS)]
    assert pauses[:3] == [10, 20, 40]
    assert pauses == sorted(pauses)
    assert timedelta(days=3) < timedelta(seconds=sum(pauses)) < timedelta(days=5)


def test_a_message_whose_job_vanished_gets_another() -> None:
    message = a_message()
    Message.objects.update(created_at=clock.now() - timedelta(hours=1))
    assert resume_waiting() == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert resume_waiting() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'message', lock FROM procrastinate_jobs")
        assert cursor.fetchall() == [(str(message.id), f"message:{message.id}")]


def test_the_mails_of_django_wait_in_the_same_outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "parvis.notifications.backend.OutboxBackend"
    letter = mail.EmailMultiAlternatives("Confirmez", "Code 123", to=["a@exemple.test", "b@exemple.test"])
    letter.attach_alternative("<b>123</b>", "text/html")
    assert letter.send() == 1
    assert {(m.to, m.title, m.state) for m in facade.messages()} == {
        ("a@exemple.test", "Confirmez", "waiting"),
        ("b@exemple.test", "Confirmez", "waiting"),
    }
    assert Message.objects.values_list("html", flat=True)[0] == "<b>123</b>"
    letter.attach("x.txt", "x", "text/plain")
    with pytest.raises(ValueError, match="attachments"):
        letter.send()


def test_the_delivery_log_of_a_subject_or_a_desk() -> None:
    from parvis.kit.ids import new_id

    subject, desk = new_id(), new_id()
    facade.send("a@exemple.test", "A", "a", once_key="a", subject_id=subject, authority_id=desk)
    facade.send("b@exemple.test", "B", "b", once_key="b", authority_id=desk)
    facade.send("c@exemple.test", "C", "c", once_key="c")
    assert [m.title for m in facade.messages(subject_id=subject)] == ["A"]
    assert [m.title for m in facade.messages(authority_id=desk)] == ["B", "A"]
    assert len(facade.messages(limit=1)) == 1


def test_a_reminder_never_leaves_too_late(smtp: FakeSmtp) -> None:
    hour = clock.now() + timedelta(hours=1)
    message = a_message(not_after=hour)
    smtp.dies_at = "MAIL"
    with pytest.raises(RetryLater):
        deliver_message(message.id)
    smtp.dies_at = ""
    with clock.frozen_at(hour + timedelta(seconds=1)):
        deliver_message(message.id)
    after = now(message)
    assert (after.state, after.attempts, smtp.letters) == ("failed", 2, [])
    assert after.last_error.startswith("Trop tard")
