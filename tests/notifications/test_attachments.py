"""Files joined to an e-mail arrive byte for byte under their name and type, then are forgotten."""

from datetime import UTC, datetime
from email import message_from_string, policy
from typing import Any

import pytest

from parvis.kit import icalendar
from parvis.kit.ids import new_id
from parvis.notifications import facade
from parvis.notifications.contracts import Attachment
from parvis.notifications.models import Message
from parvis.notifications.services.deliver_message import deliver_message
from tests.notifications.fake_smtp import FakeSmtp

pytestmark = pytest.mark.django_db

ICS = icalendar.event(
    uid="1@parvis.example",
    start=datetime(2027, 1, 12, 9, 20, tzinfo=UTC),
    end=datetime(2027, 1, 12, 9, 40, tzinfo=UTC),
    summary="Carte d’identité",
    description="",
    location="Mairie",
    url="",
    organizer_name="Mairie",
    organizer_email="mairie@exemple.test",
    sequence=0,
    cancelled=False,
    stamp=datetime(2027, 1, 2, tzinfo=UTC),
)
CALENDAR = Attachment("rendez-vous.ics", icalendar.media_type(cancelled=False), ICS)
PDF = Attachment("récépissé n° 3.pdf", "application/pdf", bytes(range(256)))


def sent(smtp: FakeSmtp, *files: Attachment, **more: Any) -> list[tuple[str, str | None, bytes, dict[str, str]]]:
    facade.send("camille@exemple.test", "Rendez-vous", "Mardi.", once_key="k", attachments=files, **more)
    deliver_message(facade.messages()[0].id)
    letter = message_from_string(smtp.letters[0], policy=policy.default)
    return [
        (part.get_content_type(), part.get_filename(), part.get_payload(decode=True), dict(part["Content-Type"].params))
        for part in letter.iter_attachments()  # type: ignore[attr-defined]
    ]


def test_a_calendar_keeps_its_method_its_name_and_its_line_ends(smtp: FakeSmtp) -> None:
    [(kind, name, content, params)] = sent(smtp, CALENDAR, html="<p>Mardi</p>")
    assert (kind, name, content) == ("text/calendar", "rendez-vous.ics", ICS)
    assert (params["method"], params["charset"]) == ("PUBLISH", "utf-8")
    assert "text/html" in smtp.letters[0]


def test_several_files_keep_their_order_and_accents(smtp: FakeSmtp) -> None:
    parts = sent(smtp, PDF, CALENDAR)
    assert [(name, content) for _, name, content, _ in parts] == [(PDF.name, PDF.content), (CALENDAR.name, ICS)]


def test_the_list_says_what_was_attached_but_the_bytes_are_gone_once_handed_over(smtp: FakeSmtp) -> None:
    sent(smtp, PDF, authority_id=new_id())
    [view] = facade.messages()
    assert [(a.name, a.media_type, a.size) for a in view.attached] == [(PDF.name, PDF.media_type, 256)]
    assert (view.text, facade.attachment(view.id, 0)) == ("Mardi.", None)


def test_an_account_letter_forgets_its_words_too(smtp: FakeSmtp) -> None:
    sent(smtp, PDF)
    row = Message.objects.get()
    assert (row.text, row.html, row.attached_contents) == ("", "", [])


def test_files_wait_while_the_server_is_away_and_stay_in_the_mailbox_of_the_demo() -> None:
    facade.send("camille@exemple.test", "T", "t", once_key="k", attachments=(PDF, CALENDAR))
    view = facade.messages()[0]
    assert facade.attachment(view.id, 1) == CALENDAR
    deliver_message(view.id)
    assert (facade.attachment(view.id, 0), facade.attachment(view.id, 2)) == (PDF, None)
    assert (facade.attachment(view.id, -1), facade.attachment(new_id(), 0)) == (None, None)


def test_too_much_is_refused_before_anything_is_written() -> None:
    half = Attachment("a.bin", "application/octet-stream", bytes(100_001))
    with pytest.raises(ValueError, match="200002 bytes"):
        facade.send("a@exemple.test", "T", "t", once_key="k", attachments=(half, half))
    assert facade.messages() == []


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("", "text/plain"),
        ("a\r\nBcc: b", "text/plain"),
        ("../a", "text/plain"),
        ("a.txt", "text"),
        ("a.txt", "text/plain\r\nBcc: b@c"),
        ("a.txt", "text/plain; method"),
    ],
    ids=["no-name", "header-in-name", "path", "half-a-type", "header-in-type", "half-a-parameter"],
)
def test_a_name_or_a_type_that_could_break_a_header_is_refused(name: str, media_type: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Attachment(name, media_type, b"")
