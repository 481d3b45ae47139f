"""Every template is used, speaks French through gettext, and holds nothing that the security policy refuses."""

import ast
import re
from pathlib import Path

import allauth
import pytest
from django.template import engines
from jinja2 import StrictUndefined, UndefinedError, nodes

from tests.architecture.house import PACKAGE, modules, name_of, templates, tree
from tests.architecture.template_reader import HOLE, bare_strings, calls, jinja, names_in_code, read

# Words that are the same in every language, or names.
UNTRANSLATED = {
    "Parvis",
    "HT",
    "TTC",
    "SIRET",
    "SIREN",
    "PDF",
    "JSON",
    "ZIP",
    "RSS",
    "Atom",
    "SHA",
    "age",
    "Ed",
    "Mo",
    "Go",
    "ko",
}
# Template -> why the name is not found by reading the code.
CALLED_OTHERWISE: dict[str, str] = {}
# Template -> why the text that it does not escape is known to be safe HTML.
SAFE = {"kit/components/icon.html": "the drawings written in this very file"}
# Template -> why its words need no translation.
SAMPLES = {"kit/components.html": "invented names in the page that shows the components to developers"}
# Python file -> why the HTML it marks as safe is.
MARKED_SAFE = {"src/parvis/kit/jinja.py": "the tag of a built script: its parts are escaped by Markup.format"}
# Letters carry their own style sheet: mail programs know no other.
STYLED = {"kit/mail/base.html": "mail programs load no linked style sheet"}

ADDRESS = re.compile(r"\b[\w-]+(\.[\w-]+)+(/\S*)?")
WORD = re.compile(r"(?<![_\w])[^\W\d_]{2,}")
SENTENCE = re.compile(r"[à-ÿÀ-ß’«»…]|[A-Z][a-zà-ÿ]{2,}(?![\w-])|[a-z]{2,} [a-z]{2,} ")
# Not sentences: addresses, classes, formats, names of attributes.
TECHNICAL = re.compile(r"^[\w./#:@%\-\[\]{}=?&+, ]*$")
EACH = [pytest.param(name, path, id=name) for name, path in templates().items()]


@pytest.mark.parametrize(("name", "path"), EACH)
def test_every_text_goes_through_gettext(name: str, path: Path) -> None:
    words = {w for text in read(path).words for w in WORD.findall(ADDRESS.sub(" ", text.replace(HOLE, " ")))}
    assert words - UNTRANSLATED == set() or name in SAMPLES


@pytest.mark.parametrize(("name", "path"), EACH)
def test_no_sentence_is_passed_untranslated(name: str, path: Path) -> None:
    """A label given to a macro is a text like any other."""
    texts = [
        t for t in bare_strings(path.read_text()) if SENTENCE.search(t) and not (TECHNICAL.match(t) and " " not in t)
    ]
    assert [t for t in texts if t not in UNTRANSLATED] == []


@pytest.mark.parametrize(("name", "path"), [e for e in EACH if e.values[0] not in STYLED])  # type: ignore[index]
def test_nothing_that_the_security_policy_refuses(name: str, path: Path) -> None:
    assert read(path).refused == []


@pytest.mark.parametrize(("name", "path"), EACH)
def test_escaping_is_never_turned_off(name: str, path: Path) -> None:
    parsed = jinja().parse(path.read_text())
    off = [
        f"line {n.lineno}"
        for n in parsed.find_all(nodes.Filter)
        if n.name == "safe" and not isinstance(n.node, nodes.Const)
    ]
    if path.suffix != ".txt":  # plain text has nothing to escape
        off += [f"line {n.lineno}" for n in parsed.find_all(nodes.ScopedEvalContextModifier)]
    assert off == [] or name in SAFE


def test_html_is_marked_safe_in_listed_files_only() -> None:
    words = {"mark_safe", "Markup", "SafeString"}
    found = {
        name_of(p)
        for p in modules()
        for node in ast.walk(tree(p))
        if (isinstance(node, ast.Name) and node.id in words) or (isinstance(node, ast.Attribute) and node.attr in words)
    }
    assert found == set(MARKED_SAFE)


def _asked_by_allauth(name: str) -> bool:
    """allauth makes its names from a stem in its own code: `account/login.` or `account/email/email_confirmation`."""
    stem = re.sub(r"(_subject|_message)?\.(html|txt)$", "", name)
    return any(
        f'"{stem}{end}' in text or f"'{stem}{end}" in text for text in _allauth_code() for end in ('"', "'", ".", "{")
    )


def _allauth_code() -> tuple[str, ...]:
    if not _ALLAUTH:
        folder = Path(allauth.__file__).parent
        _ALLAUTH.extend(p.read_text() for p in sorted(folder.rglob("*.py")) if "tests" not in p.parts)
    return tuple(_ALLAUTH)


_ALLAUTH: list[str] = []


def test_no_unused_template() -> None:
    """Each is reached from the code, from allauth's, or from a template that is."""
    reached = {
        n
        for n in templates()
        if any(p.fullmatch(n) or p.fullmatch(re.sub(r"\.(html|txt)$", "", n)) for p in names_in_code())
    }
    reached |= {n for n in templates() if n in CALLED_OTHERWISE or _asked_by_allauth(n)}
    waiting = set(reached)
    while waiting:
        new = set().union(*(calls()[name] for name in waiting)) & set(templates()) - reached
        reached |= new
        waiting = new
    assert set(templates()) - reached == set()


def test_no_template_asks_for_one_that_is_missing() -> None:
    missing = {f"{name} -> {one}" for name, wanted in calls().items() for one in wanted if one not in templates()}
    assert missing == set()


def test_no_rendered_template_is_missing() -> None:
    """Names written whole in the code: `render(request, "room/page.html")`."""
    rooms = {p.name for p in PACKAGE.iterdir() if p.is_dir()}
    named = {
        node.value
        for p in modules()
        for node in ast.walk(tree(p))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+(/[a-z_0-9]+)+\.html", node.value)
        and node.value.split("/")[0] in rooms
    }
    assert named - set(templates()) == set()


def test_an_undefined_variable_fails_the_page() -> None:
    served = engines["jinja2"].env
    assert served.undefined is StrictUndefined
    with pytest.raises(UndefinedError):
        served.from_string("{{ nobody_gave_this }}").render()
    with pytest.raises(UndefinedError):
        served.from_string("{% if page.nobody_gave_this %}{% endif %}").render(page={})
    assert served.from_string("{{ given }}").render(given="<b>") == "&lt;b&gt;", "pages escape what they are given"


def test_the_reader_finds_what_it_is_for(tmp_path: Path) -> None:
    """The checks above would be silent if the reader saw nothing."""
    page = tmp_path / "page.html"
    page.write_text(
        '<p style="color:red" onclick="x()">Bonjour {{ name }}</p><img alt="Un chat">{{ button("Envoyer la demande") }}'
        "<script>alert()</script>{% trans %}Traduit{% endtrans %}{{ _('Traduit aussi') }}{# Un mot #}"
    )
    reader = read(page)
    assert {w for text in reader.words for w in WORD.findall(text)} == {"Bonjour", "Un", "chat"}
    assert reader.refused == ["<p style=…>", "<p onclick=…>", "<script>"]
    assert [t for t in bare_strings(page.read_text()) if SENTENCE.search(t)] == ["Envoyer la demande"]
