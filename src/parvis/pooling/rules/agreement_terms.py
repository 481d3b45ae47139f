"""What an agreement says, as data: the texts it begins with, and what changed from one version to the next."""

import tomllib
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "agreement.toml"

# {"articles": [{"title", "text"}], "annex": [{"title", "items": [...]}]}
Terms = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Change:
    """One article, or one part of the annex: `kind` is added, removed or changed; empty where there was nothing."""

    part: str  # "article" or "annex"
    kind: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """(sign, line): "-" for what goes, "+" for what comes, "=" for what stays, in reading order."""
        found: list[tuple[str, str]] = []
        for tag, old, old_end, new, new_end in SequenceMatcher(None, self.before, self.after).get_opcodes():
            if tag == "equal":
                found += [("=", line) for line in self.after[new:new_end]]
            else:
                found += [("-", line) for line in self.before[old:old_end]]
                found += [("+", line) for line in self.after[new:new_end]]
        return tuple(found)


@cache
def _model() -> Terms:
    return tomllib.loads(DATA.read_text("utf-8"))


def default_terms(agglomeration: str, commune: str) -> Terms:
    """The model with the names of both sides; each is then free to be rewritten before it is signed."""

    def named(text: str) -> str:
        return typographic(text.strip().replace("{agglomeration}", agglomeration).replace("{commune}", commune))

    model = _model()
    return {
        "articles": [{"title": one["title"], "text": named(one["text"])} for one in model["articles"]],
        "annex": [{"title": one["title"], "items": [named(item) for item in one["items"]]} for one in model["annex"]],
    }


def typographic(text: str) -> str:
    """Narrow no-break spaces before the signs that want one."""
    for sign in (";", ":", "!", "?"):
        text = text.replace(f" {sign}", f"\u202f{sign}")
    return text


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def changes(old: Terms, new: Terms) -> tuple[Change, ...]:
    """What a reader must know of a new version, in its order, then what is gone. Parts are told apart by title."""
    return (
        *_changes("article", _articles(old), _articles(new)),
        *_changes("annex", _annex(old), _annex(new)),
    )


def _articles(terms: Terms) -> dict[str, tuple[str, ...]]:
    return {one["title"]: paragraphs(one["text"]) for one in terms.get("articles", [])}


def _annex(terms: Terms) -> dict[str, tuple[str, ...]]:
    return {one["title"]: tuple(one["items"]) for one in terms.get("annex", [])}


def _changes(part: str, old: dict[str, tuple[str, ...]], new: dict[str, tuple[str, ...]]) -> list[Change]:
    found = []
    for title, lines in new.items():
        before = old.get(title)
        if before is None:
            found.append(Change(part, "added", title, (), lines))
        elif before != lines:
            found.append(Change(part, "changed", title, before, lines))
    return found + [Change(part, "removed", title, lines, ()) for title, lines in old.items() if title not in new]
