"""/demo/courrier/: SMS beside e-mails, found by number, and the files that came with a letter."""

import pytest
from django.test import Client

from parvis.kit.ids import new_id
from parvis.notifications import facade
from parvis.notifications.contracts import Attachment

pytestmark = pytest.mark.django_db

FILE = Attachment("rendez-vous.ics", "text/calendar; method=PUBLISH; charset=utf-8", b"BEGIN:VCALENDAR\r\n")


def page(query: str = "") -> str:
    answer = Client().get(f"/demo/courrier/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("06 39 98 00 01", True),
        ("0639980001", True),
        ("%2B33 6 39 98 00 01", True),
        ("06.39.98", True),
        ("06 39 98 00 02", False),
        ("camille", False),
    ],
)
def test_an_sms_is_found_by_its_number(wanted: str, found: bool) -> None:
    facade.send_sms("0639980001", "Rappel : demain à 10 h 20", once_key="k")
    facade.send("camille@exemple.test", "Confirmation", "Mardi", once_key="k")
    assert ("Rappel : demain" in page(f"?a={wanted}")) is found
    assert ("Confirmation" in page(f"?a={wanted}")) is (wanted == "camille")
    everything = page()
    assert "06\u00a039\u00a098\u00a000\u00a001" in everything
    assert "SMS</span>" in everything


def test_a_file_comes_down_with_its_name_and_its_type() -> None:
    facade.send("camille@exemple.test", "Confirmation", "Mardi", once_key="k", attachments=(FILE,))
    [letter] = facade.messages()
    assert f'href="/demo/courrier/?message={letter.id}&amp;piece=0" download>rendez-vous.ics</a>' in page()
    answer = Client().get("/demo/courrier/", {"message": letter.id, "piece": "0"})
    assert b"".join(answer.streaming_content) == FILE.content  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="rendez-vous.ics"'
    assert answer["Content-Type"] == FILE.media_type


@pytest.mark.parametrize("piece", ["1", "-1", "x", ""], ids=["past-the-end", "negative", "word", "none"])
def test_no_such_file(piece: str) -> None:
    facade.send("camille@exemple.test", "Confirmation", "Mardi", once_key="k", attachments=(FILE,))
    [letter] = facade.messages()
    for message in (str(letter.id), str(new_id()), "nobody"):
        assert Client().get("/demo/courrier/", {"message": message, "piece": piece}).status_code == 404
