"""The public pages of the register, and its tiles as a witness reads them."""

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from django.test import Client

from parvis.audit import facade
from parvis.kit import scope
from parvis.kit.ids import new_id
from parvis.sealing import checkpoint as notes
from parvis.sealing.merkle import HashTree
from tests.world import an_authority

pytestmark = pytest.mark.django_db


def test_before_its_first_line_the_page_says_so() -> None:
    assert "aucune ligne" in Client().get("/registre/").content.decode()
    assert Client().get("/registre/checkpoint").status_code == 404


def test_the_state_and_the_key_verify_and_the_tiles_hold_the_tree() -> None:
    with scope.authority(an_authority().id):
        for n in range(300):
            facade.record("test.happened", subject=new_id(), data={"n": n})
    facade.anchor()
    page = Client().get("/registre/").content.decode()
    assert "300" in page
    key = load_pem_public_key(Client().get("/registre/cle.pub").content).public_bytes_raw()  # type: ignore[union-attr]
    note = notes.parse(Client().get("/registre/checkpoint").content.decode())
    notes.verify(note, key, settings.LOG_ORIGIN)
    data = Client().get("/registre/tile/0/000").content + Client().get("/registre/tile/0/001.p/44").content
    tree = HashTree(data[n : n + 32] for n in range(0, len(data), 32))
    assert (len(tree), tree.root()) == (300, note.root)
    assert Client().get("/registre/tile/1/000.p/1").content == tree.root(256)


@pytest.mark.parametrize("place", ["0/001", "0/1", "0/x000/1", "0/000.p/300", "0/000.p/", "9/000", "0/٠٠٠"])
def test_a_tile_that_is_not_there_is_not_found(place: str) -> None:
    assert Client().get(f"/registre/tile/{place}").status_code == 404
