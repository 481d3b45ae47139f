"""The procedures, as data: one engine reads procedures.toml, whatever the procedure."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from parvis.procurement.contracts import EnvelopeKind, Tag
from parvis.procurement.rules.dated import read

Level = Literal["any", "below"]


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    label: str
    help: str


@dataclass(frozen=True, slots=True)
class ExpectedDocument:
    """`required`: the buyer is asked for it before publication; the others are reminders."""

    code: str
    label: str
    required: bool


@dataclass(frozen=True, slots=True)
class Round:
    """One reception of envelopes. `limit` names a rule of time_limits.toml."""

    code: str
    label: str
    limit: str
    envelopes: tuple[EnvelopeKind, ...]


@dataclass(frozen=True, slots=True)
class Technique:
    """A shape of contract that combines with procedures (framework agreement with purchase orders)."""

    code: str
    label: str
    help: str
    eforms: str
    combines_with: tuple[str, ...]
    adds_steps: tuple[Step, ...]
    adds_documents: tuple[ExpectedDocument, ...]
    needs_maximum: bool
    estimate_help: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Procedure:
    """`level`: "below" fits only under the European threshold. `formal`: one of the formal procedures of the code.

    `board`: a tender board sits at the opening. `conditions`: what the buyer must check before choosing it, or "".
    `eforms`: code of BT-105.
    """

    code: str
    label: str
    short: str
    help: str
    eforms: str
    level: Level
    formal: bool
    negotiation: bool
    board: bool
    conditions: str
    tag: Tag
    steps: tuple[Step, ...]
    documents: tuple[ExpectedDocument, ...]
    rounds: tuple[Round, ...]

    @property
    def envelopes(self) -> tuple[EnvelopeKind, ...]:
        """Those of the first round: what a company may deposit from publication on."""
        return self.rounds[0].envelopes

    def round(self, code: str | None = None) -> Round:
        """The round of this code, the first without one. Raises KeyError for an unknown code."""
        if code is None:
            return self.rounds[0]
        return {one.code: one for one in self.rounds}[code]


@cache
def _data() -> dict[str, Any]:
    return read("procedures")


def _steps(codes: list[str]) -> tuple[Step, ...]:
    return tuple(Step(code, *_data()["step"][code]) for code in codes)


def _documents(codes: list[str]) -> tuple[ExpectedDocument, ...]:
    return tuple(ExpectedDocument(code, *_data()["document"][code]) for code in codes)


@cache
def procedures() -> tuple[Procedure, ...]:
    """Every procedure, in the order of the form."""
    return tuple(_procedure(code, dict(entry)) for code, entry in _data()["procedure"].items())


def _procedure(code: str, entry: dict[str, Any]) -> Procedure:
    rounds = tuple(Round(**{**one, "envelopes": tuple(one["envelopes"])}) for one in entry.pop("rounds"))
    parts: dict[str, Any] = {
        "steps": _steps(entry.pop("steps")),
        "documents": _documents(entry.pop("documents")),
        "rounds": rounds,
    }
    return Procedure(code=code, **entry, **parts)


@cache
def techniques() -> tuple[Technique, ...]:
    """Every technique, in the order of the form."""
    return tuple(_technique(code, dict(entry)) for code, entry in _data()["technique"].items())


def _technique(code: str, entry: dict[str, Any]) -> Technique:
    parts: dict[str, Any] = {
        "adds_steps": _steps(entry.pop("adds_steps")),
        "adds_documents": _documents(entry.pop("adds_documents")),
        "combines_with": tuple(entry.pop("combines_with")),
    }
    return Technique(code=code, **entry, **parts)


def procedure(code: str) -> Procedure:
    """Raises KeyError for an unknown code."""
    return {one.code: one for one in procedures()}[code]


def expected_envelopes(code: str, application_expected: bool) -> tuple[EnvelopeKind, ...]:
    """What a company deposits from publication on: the envelopes of the procedure's first round ("" is not chosen yet).

    A buyer may do without the application envelope only where a bid comes with it.
    """
    known = {one.code: one for one in procedures()}
    kinds: tuple[EnvelopeKind, ...] = known[code].envelopes if code in known else ("application", "bid")
    if not application_expected and "bid" in kinds:
        return ("bid",)
    return kinds


def technique(code: str) -> Technique:
    """Raises KeyError for an unknown code."""
    return {one.code: one for one in techniques()}[code]


def steps(code: str, technique_code: str | None = None) -> tuple[Step, ...]:
    """The steps of a procedure, those of its technique at the end. Raises KeyError for an unknown code."""
    added = technique(technique_code).adds_steps if technique_code else ()
    return procedure(code).steps + added


def documents_expected(code: str, technique_code: str | None = None) -> tuple[ExpectedDocument, ...]:
    """The documents to put online. Raises KeyError for an unknown code."""
    added = technique(technique_code).adds_documents if technique_code else ()
    return procedure(code).documents + added
