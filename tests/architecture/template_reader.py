"""Reads Jinja templates as a person would see them: the HTML skeleton, its words, and which templates call which."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, meta, nodes

from parvis.kit.jinja import environment
from tests.architecture.house import modules, templates, tree

HOLE = "\ue000"
SEEN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "aria-description", "label", "content"}
TRANSLATIONS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
# Template -> what the name made at run time may be.
NAMED_AT_RUN_TIME = {"kit/components.html": {"kit/base.html", "kit/desk.html", "kit/session.html"}}


@cache
def jinja() -> Environment:
    return environment()


def skeleton(source: str) -> str:
    """The template's own characters: an expression becomes one private sign; tags, comments, translated blocks nothing.

    Nothing either for the blocks that hold a class (`{% block head_class %}`), which are inside an attribute.
    """
    text: list[str] = []
    tag: list[str] | None = None
    silent = ""
    for _, kind, value in jinja().lex(source):
        if kind == "variable_begin":
            text.append(HOLE)
        elif kind == "block_begin":
            tag = []
        elif kind == "block_end" and tag is not None:
            if tag[0] == "trans" or (tag[0] == "block" and tag[1].endswith("_class")):
                silent = f"end{tag[0]}"
            elif tag[0] == silent:
                silent = ""
            tag = None
        elif kind == "name" and tag is not None:
            tag.append(value)
        elif kind == "data" and not silent:
            text.append(value)
    return "".join(text)


class Reader(HTMLParser):
    """Words a person reads, and attributes or tags that a strict Content-Security-Policy refuses."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.refused: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        names = dict(attrs)
        for name, value in attrs:
            if name in SEEN_ATTRIBUTES and (tag != "meta" or names.get("name") == "description"):
                self.words.append(value or "")
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.refused.append(f"<{tag} {name}=…>")
        if tag == "style" or (tag == "script" and "src" not in names and names.get("type") != "application/json"):
            self.refused.append(f"<{tag}>")
        if tag == "input" and names.get("type") in {"submit", "button", "reset"}:
            self.words.append(names.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open not in {"style", "script"}:
            self.words.append(data)


def read(path: Path) -> Reader:
    reader = Reader()
    text = skeleton(path.read_text())
    if path.suffix == ".txt":
        reader.words.append(text)
    else:
        reader.feed(text)
        reader.close()
    return reader


def bare_strings(source: str) -> Iterator[str]:
    """String constants of a template's expressions that are not arguments of a translation."""

    def walk(node: nodes.Node) -> Iterator[str]:
        function = node.node if isinstance(node, nodes.Call) else None
        if isinstance(function, nodes.Name) and function.name in TRANSLATIONS:
            return
        if isinstance(node, nodes.Const) and isinstance(node.value, str):
            yield node.value
        for child in node.iter_child_nodes():
            yield from walk(child)

    yield from walk(jinja().parse(source))


@cache
def calls() -> dict[str, frozenset[str]]:
    """Template -> the templates that it extends, includes or imports. Raises ValueError for a name made at run time."""
    found = {}
    for name, path in templates().items():
        referenced = set(meta.find_referenced_templates(jinja().parse(path.read_text())))
        if None in referenced and name not in NAMED_AT_RUN_TIME:
            raise ValueError(f"{name} names a template at run time: nobody can follow it")
        found[name] = frozenset({one for one in referenced if one} | NAMED_AT_RUN_TIME.get(name, set()))
    return found


@cache
def names_in_code() -> tuple[re.Pattern[str], ...]:
    """Patterns of every text of the code that may name a template; a hole of an f-string matches one step of a path."""
    texts: set[str] = set()
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" in node.value:
                texts.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(v.value) if isinstance(v, ast.Constant) else "[^/]+" for v in node.values]
                if "/" in "".join(parts) and parts[0] != "[^/]+":
                    texts.add("".join(parts))
    return tuple(re.compile(text) for text in texts if len(text) < 200)
