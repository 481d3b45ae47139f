"""What is written of an address to the log opens nothing."""

import logging

from parvis.appointments.links import booking_key
from parvis.kit.ids import new_id
from parvis.site.logs import WithoutKeys


def test_the_key_of_a_link_is_not_logged() -> None:
    key = booking_key(new_id())
    record = logging.LogRecord(
        "django.request", 30, "", 0, "Gone: %s", (f"/valbruche/rendez-vous/suivi/{key}/annuler/",), None
    )
    assert WithoutKeys().filter(record)
    said = record.getMessage()
    assert key.partition("~")[2] not in said
    assert said.endswith("~…/annuler/")


def test_other_words_are_logged_as_they_are() -> None:
    record = logging.LogRecord("parvis", 20, "", 0, "%d rows ~ %s", (3, "about"), None)
    assert WithoutKeys().filter(record)
    assert record.getMessage() == "3 rows ~ about"
