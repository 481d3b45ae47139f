import pytest
from django.test import Client

from parvis.authorities.selectors import look_mark
from tests.world import an_authority

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "media"), [("/theme/valbruche.css", "text/css"), ("/blason/valbruche.svg", "image/svg+xml")]
)
def test_a_look_is_served_with_its_mark(path: str, media: str) -> None:
    an_authority()
    first = Client().get(path)
    assert first.status_code == 200
    assert first["Content-Type"].startswith(media)
    assert "max-age=300" in first["Cache-Control"]
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    kept = Client().get(f"{path}?v={look_mark(first.content.decode())}")
    assert "immutable" in kept["Cache-Control"]
    assert Client().get(path.replace("valbruche", "nulle-part")).status_code == 404


def test_a_logo_replaces_the_drawn_coat_and_can_do_nothing_else() -> None:
    an_authority(logo='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0H1V1Z"/></svg>')
    answer = Client().get("/blason/valbruche.svg")
    assert "M0 0H1V1Z" in answer.content.decode()
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_theme_follows_the_accent() -> None:
    an_authority("valbruche", accent="#7a1f1f")
    an_authority("montclair", accent="#1f4e79")
    assert Client().get("/theme/valbruche.css").content != Client().get("/theme/montclair.css").content
