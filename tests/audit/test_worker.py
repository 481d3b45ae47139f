"""The jobs of the lower floors, run by the real worker: a place in the register, an e-mail, a virus scan."""

import io

import pytest
from procrastinate.contrib.django import app

from parvis.audit import facade as audit
from parvis.documents import facade as documents
from parvis.documents.scanning.eicar import TEST_VIRUS
from parvis.kit import scope
from parvis.kit.ids import new_id
from parvis.notifications import facade as notifications
from tests.world import an_authority


def work() -> None:
    """Run what waits, then stop."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1)


@pytest.mark.django_db(transaction=True)
def test_what_a_change_leaves_behind_is_done_after_its_commit() -> None:
    one = an_authority()
    with scope.authority(one.id):
        fact = audit.record("test.happened", subject=new_id(), data={})
        file = documents.store(io.BytesIO(TEST_VIRUS), "a.pdf", "", 1000)
        notifications.send("a@exemple.test", "Titre", "Texte", once_key="k")
        assert audit.proof(fact.id) is None
    work()
    assert audit.proof(fact.id) is not None
    with scope.authority(one.id):
        assert documents.file_views([file.id])[file.id].scan == "infected"
    assert [message.state for message in notifications.messages()] == ["sent"]
    assert audit.verify_log().faults == []
