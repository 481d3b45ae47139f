"""The sample consultations of `site/data/consultations.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from parvis.procurement.contracts import Nature
from parvis.site.demo.cast import FIRMS, Firm, Seat

SOURCE = Path(__file__).resolve().parent.parent / "data" / "consultations.toml"
CRITERIA = (("Prix", 50), ("Valeur technique", 40), ("Démarche environnementale", 10))


class Stage(StrEnum):
    """How far a sample has come on the day of the demo."""

    INCOMPLETE = "incomplete"
    READY_FOR_KEYS = "ready_for_keys"
    REHEARSAL = "rehearsal"
    READY = "ready"
    CLOSING_SOON = "closing_soon"
    PUBLISHED = "published"
    WAITING = "waiting"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Bid:
    """A deposit `before` the deadline (negative: late). `lots`: their numbers."""

    firm: Firm
    before: timedelta
    price: str
    lots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SampleLot:
    title: str
    cpv: str
    euros: int


@dataclass(frozen=True, slots=True)
class Sample:
    """`euros`, `maximum`: excluding VAT; a maximum makes a framework agreement. `criteria`: labels and percents."""

    seat: Seat
    stage: Stage
    title: str
    purpose: str
    nature: Nature
    cpv: str = ""
    euros: int = 0
    months: int = 0
    criteria: tuple[tuple[str, int], ...] = CRITERIA
    lots: tuple[SampleLot, ...] = ()
    procedure: str = "adapted"
    maximum: int | None = None
    bids: tuple[Bid, ...] = ()


def samples() -> list[Sample]:
    return [_sample(entry) for entry in tomllib.loads(SOURCE.read_text(encoding="utf-8"))["sample"]]


def _sample(entry: dict[str, Any]) -> Sample:
    read: dict[str, Any] = {**entry, "seat": Seat(entry["seat"]), "stage": Stage(entry["stage"])}
    read["criteria"] = tuple((label, percent) for label, percent in entry.get("criteria", CRITERIA))
    read["lots"] = tuple(SampleLot(**lot) for lot in entry.get("lots", ()))
    read["bids"] = tuple(_bid(bid) for bid in entry.get("bids", ()))
    return Sample(**read)


def _bid(entry: dict[str, Any]) -> Bid:
    firm = next(one for one in FIRMS if one.domain.partition(".")[0] == entry["firm"])
    return Bid(firm, timedelta(minutes=entry["before"]), entry["price"], tuple(entry.get("lots", ())))
