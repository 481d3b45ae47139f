import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import FileSystemLoader, UndefinedError
from lxml import html
from markupsafe import Markup

from parvis.kit.jinja import environment
from parvis.kit.showcase import FRAMES, showcase_context

TEMPLATES = Path(__file__).parents[2] / "src" / "parvis" / "kit" / "templates"
SOURCES = sorted((TEMPLATES / "kit").rglob("*.html")) + sorted((TEMPLATES / "kit").rglob("*.txt"))
ERRORS = ("400", "403", "404")
PERSON = SimpleNamespace(full_name="Camille Exemple", hat_label="Acheteuse, Dietwiller")
CSRF = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="t">')
env = environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)


def page(**changed: Any) -> SimpleNamespace:
    authority = SimpleNamespace(name="Dietwiller", slug="dietwiller", kind_label="Commune", accent="#8a3b2a")
    return SimpleNamespace(
        **{
            "authority": authority,
            "platform_name": "Parvis",
            "theme_url": "/theme/dietwiller.0.css",
            "coat_url": "/blason/dietwiller.svg",
            "nav": [("Accueil", "/", False), ("Consultations", "/consultations/", True)],
            "breadcrumb": [("Dietwiller", "/"), ("Ici", None)],
            "person": None,
            "sign_in_url": "/connexion/",
            "account_url": "/compte/",
            "sign_out_url": "/sortie/",
            "help_name": "Service des marchés",
            "help_hours": "du lundi au vendredi",
            "help_contact": "03 00 00 00 00",
            "now_iso": "2026-11-22T00:00:00+00:00",
            "demo": True,
            "mailbox_url": "/courriels/",
            **changed,
        }
    )


def rendered(name: str, **context: Any) -> html.HtmlElement:
    base = {"page": page(), "csrf_input": CSRF, "messages": []}
    return html.document_fromstring(env.get_template(name).render({**base, **context}))


def problems(tree: html.HtmlElement) -> list[str]:
    """What the strict content policy would block, and what would leave a screen reader without a word."""
    ids = Counter(tree.xpath("//@id[not(ancestor::template)]"))
    found = [f"id twice: {name}" for name, count in ids.items() if count > 1]
    found += [
        f"inline: {element.tag}" for element in tree.xpath("//*[@style or @onclick] | //style | //script[not(@src)]")
    ]
    found += [f"h1: {count}" for count in [len(tree.xpath("//h1"))] if count != 1]
    for name in tree.xpath("//@aria-describedby | //@aria-labelledby | //label/@for"):
        found += [f"points nowhere: {part}" for part in name.split() if part not in ids and "__n__" not in part]
    for control in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        if not tree.xpath("//label[@for=$id]", id=control.get("id", "")):
            found.append(f"no label: {control.get('name')}")
    found += [
        f"link to nowhere: {link}" for link in tree.xpath("//*[@data-error-summary]//a/@href") if link[1:] not in ids
    ]
    return found


@pytest.mark.parametrize("frame", FRAMES)
def test_the_components_page_is_sound_in_every_frame(frame: str) -> None:
    assert problems(rendered("kit/components.html", **showcase_context(frame))) == []


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("person", [None, PERSON])
def test_the_error_pages_are_sound_for_anyone(name: str, person: SimpleNamespace | None) -> None:
    shown = page(person=person, authority=None, theme_url=None, coat_url=None, nav=[], mailbox_url=None)
    assert problems(rendered(f"kit/errors/{name}.html", page=shown)) == []


def test_the_failure_page_needs_no_context() -> None:
    tree = html.document_fromstring(env.get_template("kit/errors/500.html").render())
    assert problems(tree) == []


def test_the_problems_are_seen_when_there_are_some() -> None:
    bad = '<p id="a" style="color:red"></p><p id="a"></p><input name="x"><label for="y"></label>'
    assert problems(html.document_fromstring(bad)) == [
        "id twice: a",
        "inline: p",
        "h1: 0",
        "points nowhere: y",
        "no label: x",
    ]


def test_the_summary_links_every_error_to_its_field() -> None:
    context = showcase_context()
    tree = rendered("kit/components.html", **context)
    assert len(tree.xpath("//*[@data-error-summary]//a")) == len(context["form_with_errors"].errors)
    wrong = tree.xpath("//input[@id='wrong_email']")[0]
    assert wrong.get("aria-invalid") == "true"
    assert wrong.get("aria-describedby") == "wrong_email_error"


def test_a_name_is_escaped_everywhere() -> None:
    sly = SimpleNamespace(name="<b>x</b>", slug="x", kind_label="<i>", accent="#000000")
    assert rendered("kit/errors/404.html", page=page(authority=sly)).xpath("//b | //i") == []


def test_a_forgotten_variable_fails_the_page() -> None:
    with pytest.raises(UndefinedError):
        env.get_template("kit/errors/404.html").render(page=page())


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_french_texts_have_narrow_spaces_and_round_apostrophes(source: Path) -> None:
    texts = re.findall(r'_\("([^"]*)"\)', source.read_text(encoding="utf-8"))
    assert [text for text in texts if re.search(r" [;:!?»]|« |\w'\w", text)] == []


def test_letters_say_who_writes_and_whom_to_call() -> None:
    given = {
        "platform_name": "Parvis",
        "authority_name": "",
        "help_name": "Mairie",
        "help_hours": "9 h à 12 h",
        "help_contact": "03",
    }
    for kind in ("html", "txt"):
        child = f'{{% extends "kit/mail/base.{kind}" %}}{{% block title %}}Votre code{{% endblock %}}'
        letter = env.from_string(child).render(given)
        assert letter.count("Votre code") >= 1
        assert "Mairie, 9 h à 12 h. 03" in letter
        assert letter.index("Parvis") < letter.index("Votre code") or kind == "html"
