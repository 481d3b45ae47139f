"""SMS share the e-mails' outbox: they leave once, wait for a provider that is away, and keep what it answered."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from parvis.kit.errors import Permanent, RetryLater
from parvis.kit.ids import new_id
from parvis.notifications import facade
from parvis.notifications.contracts import MessageView
from parvis.notifications.models import Message
from parvis.notifications.services.deliver_message import deliver_message
from parvis.notifications.sms.http import HttpCarrier

pytestmark = pytest.mark.django_db


class FakeBrevo(HTTPServer):
    """Answers what the test chose, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.url = f"http://127.0.0.1:{self.server_port}/v3/transactionalSMS/send"
        self.status, self.answer, self.where = 201, b'{"messageId": 1511882900176220}', ""
        self.asked: list[tuple[str, str | None, dict[str, Any]]] = []


class _Answer(BaseHTTPRequestHandler):
    server: FakeBrevo

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["api-key"], body))
        self.send_response(self.server.status)
        if self.server.where:
            self.send_header("Location", self.server.where)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def brevo(settings: Any) -> Iterator[FakeBrevo]:
    server = FakeBrevo()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SENDER = server.url, "secret", "Valbruche"
    yield server
    server.shutdown()
    server.server_close()


def an_sms(text: str = "Rappel : votre rendez-vous est demain à 10 h 20.", **more: Any) -> MessageView:
    facade.send_sms("06 39 98 00 01", text, once_key="k", **more)
    return facade.messages()[0]


def now(message: MessageView) -> MessageView:
    found = facade.message(message.id)
    assert found is not None
    return found


def test_an_sms_leaves_once_in_plain_letters(brevo: FakeBrevo) -> None:
    message = an_sms("C’est noté\u202f: demain à 10\u00a0h\u00a020.", authority_id=new_id())
    an_sms()
    deliver_message(message.id)
    deliver_message(message.id)
    [(path, key, body)] = brevo.asked
    assert (path, key) == ("/v3/transactionalSMS/send", "secret")
    assert body == {
        "sender": "Valbruche",
        "recipient": "+33639980001",
        "content": "C'est noté : demain à 10 h 20.",
        "type": "transactional",
        "unicodeEnabled": False,
    }
    after = now(message)
    assert (after.state, after.state_label, after.channel, after.channel_label, after.attempts) == (
        "sent",
        "Remis à l’opérateur de SMS",
        "sms",
        "SMS",
        1,
    )
    assert (after.to, after.to_label, after.text) == (
        "+33639980001",
        "06\u00a039\u00a098\u00a000\u00a001",
        body["content"],
    )


def test_other_alphabets_are_announced(brevo: FakeBrevo) -> None:
    deliver_message(an_sms("Завтра в 10:20").id)
    assert brevo.asked[0][2]["unicodeEnabled"] is True


def test_the_words_of_an_account_sms_are_forgotten(brevo: FakeBrevo) -> None:
    message = an_sms()
    deliver_message(message.id)
    assert now(message).text == ""


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "unauthorized"),
        (402, "not_enough_credits"),
        (400, "not_enough_credits"),
        (404, "document_not_found"),
        (429, "too_many_requests"),
        (500, ""),
        (503, ""),
    ],
)
def test_what_may_pass_is_tried_again(status: int, code: str, brevo: FakeBrevo) -> None:
    brevo.status, brevo.answer = status, json.dumps({"code": code, "message": "said"}).encode()
    message = an_sms()
    with pytest.raises(RetryLater):
        deliver_message(message.id)
    after = now(message)
    assert (after.state, after.attempts) == ("waiting", 1)
    assert after.last_error == " ".join(f"{status} {code} said".split())
    brevo.status = 201
    deliver_message(message.id)
    assert (now(message).state, len(brevo.asked)) == ("sent", 2)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b'{"code": "invalid_parameter", "message": "Invalid telephone number"}', "400 invalid_parameter Invalid"),
        (b"<html>", "400"),
        (b"[]", "400"),
        (b"", "400"),
    ],
    ids=["said", "html", "list", "empty"],
)
def test_a_refusal_is_final_and_in_its_words(answer: bytes, words: str, brevo: FakeBrevo) -> None:
    brevo.status, brevo.answer = 400, answer
    message = an_sms()
    deliver_message(message.id)
    assert now(message).state == "failed"
    assert now(message).last_error.startswith(words)


def test_the_key_does_not_follow_a_redirection(brevo: FakeBrevo) -> None:
    brevo.status, brevo.where = 302, f"{brevo.url}/elsewhere"
    with pytest.raises(RetryLater):
        HttpCarrier(brevo.url, "secret", "Valbruche").send("+33639980001", "x")
    assert len(brevo.asked) == 1


def test_a_provider_that_is_away_is_tried_again() -> None:
    with pytest.raises(RetryLater, match="does not answer"):
        HttpCarrier("http://127.0.0.1:1/", "secret", "Valbruche").send("+33639980001", "x")
    with pytest.raises(Permanent, match="PARVIS_SMS_URL"):
        HttpCarrier("file:///etc/passwd", "secret", "Valbruche").send("+33639980001", "x")


def test_with_no_provider_the_demo_keeps_it_and_production_says_so(settings: Any) -> None:
    assert facade.sms_offered()
    message = an_sms()
    deliver_message(message.id)
    assert (now(message).state, bool(now(message).text)) == ("sent", True)
    settings.LOCAL = False
    assert not facade.sms_offered()
    facade.send_sms("0639980002", "Rappel", once_key="other")
    other = facade.messages()[0]
    deliver_message(other.id)
    assert (now(other).state, "PARVIS_SMS_URL" in now(other).last_error) == ("failed", True)


def test_one_key_serves_both_channels_and_no_channel_twice() -> None:
    for _ in range(2):
        facade.send("a@exemple.test", "Rappel", "Demain", once_key="reminder:1")
        facade.send_sms("0639980001", "Demain", once_key="reminder:1")
    assert sorted(m.channel for m in facade.messages()) == ["email", "sms"]


@pytest.mark.parametrize(
    ("to", "text", "words"),
    [("03 89 12 34 56", "x", "mobile"), ("0639980001", "a" * 460, "4 parts"), ("0639980001", "я" * 202, "4 parts")],
    ids=["landline", "long", "long-unicode"],
)
def test_a_caller_s_mistake_is_told_before_anything_is_written(to: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        facade.send_sms(to, text, once_key="k")
    assert not Message.objects.exists()
