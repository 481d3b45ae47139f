"""What the communes of the demo share, from `site/data/pooling.toml`."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parvis.authorities.facade import AuthorityView
from parvis.kit.money import parse_euros
from parvis.site.demo.pooling_verbs import PriceRow

SOURCE = Path(__file__).resolve().parent.parent / "data" / "pooling.toml"


@dataclass(frozen=True, slots=True)
class SampleService:
    code: str
    name: str
    theme: Any


@dataclass(frozen=True, slots=True)
class SharedCatalogue:
    """`counts`: e-services of each member, the largest commune first. Amounts in cents."""

    group: dict[str, str]
    framework: dict[str, Any]
    counts: dict[str, int]
    whole_count: int
    prices: tuple[PriceRow, ...]
    common: tuple[SampleService, ...]
    city: tuple[SampleService, ...]
    local: tuple[SampleService, ...]

    def members(self, houses: Sequence[AuthorityView]) -> dict[AuthorityView, int]:
        """The communes of the group and how many e-services each offers: those named, or as many of the largest."""
        communes = sorted((one for one in houses if one.kind == "commune"), key=lambda one: -one.population)
        named = [next((one for one in communes if one.slug == slug), None) for slug in self.counts]
        found = [one for one in named if one is not None]
        chosen = found if len(found) == len(self.counts) else communes[: len(self.counts)]
        return dict(zip(chosen, self.counts.values(), strict=True))


def shared_catalogue() -> SharedCatalogue:
    source = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return SharedCatalogue(
        group=source["group"],
        framework=source["framework"],
        counts=source["members"],
        whole_count=source["agglomeration"]["eservices"],
        prices=tuple(_price(one) for one in source["prices"]),
        common=_services(source["common"]),
        city=_services(source["city"]),
        local=_services(source["local"]),
    )


def _price(one: dict[str, Any]) -> PriceRow:
    return PriceRow(
        code=one["code"],
        label=one["label"],
        kind=one["kind"],
        unit=one["unit"],
        unit_cents=parse_euros(one["euros"]),
        for_eservice=one.get("for_eservice", False),
    )


def _services(rows: list[dict[str, str]]) -> tuple[SampleService, ...]:
    return tuple(SampleService(one["code"], one["name"], one["theme"]) for one in rows)
