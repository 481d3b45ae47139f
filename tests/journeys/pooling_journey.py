"""Who takes part in the journey of pooling, and the gestures that its steps share."""

import io
import re
import time as waiting
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from playwright.sync_api import Locator, Page
from pypdf import PdfReader

from parvis.accounts.facade import give_totp
from parvis.accounts.models import Person
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.notifications.facade import messages
from parvis.pooling.models import JointProcurement
from parvis.pooling.rules import instalments
from parvis.pooling.selectors.shares import SharedCost, YearShares, year_shares
from parvis.site.demo.cast import Employee, Firm
from parvis.site.demo.invoices import Bill, BilledLine
from parvis.site.demo.numbers import company_siret, town_hall_siret, with_key
from tests.journeys.conftest import Platform, Visitor
from tests.journeys.people import pdf
from tests.world import an_agent, an_authority

Enter = Callable[[str], Visitor]
YEAR = 2027
FIRST_DAY = date(YEAR, 1, 4)
DELIVERED = FIRST_DAY + timedelta(days=11)
COMMITTEE = date(YEAR, 2, 10)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
FIRM = Firm(
    870, "Ateliers du Parvis numérique", "ateliers-numeriques.test", "3 rue des Essais, 68000 Colmar",
    (Employee("Odile Facture", "odile"),),
)  # fmt: skip
FRAMEWORK = "AC-2026-07"
SCHOOL_PRICE_CENTS = 800_000
SCHEDULE = f"""code;désignation;nature;unité;prix unitaire HT;TVA %;téléservice
TS-01;Téléservice d’inscription scolaire;Acquisition d’un téléservice partagé;forfait;{SCHOOL_PRICE_CENTS // 100};20;oui
FO-01;Journée de formation;Formation;jour;650;20;"""


@dataclass(frozen=True)
class Cast:
    """Two communes that order and share, one that offers nothing, one that only wonders."""

    whole: Authority
    valbruche: Authority
    hautmont: Authority
    ormeval: Authority
    clairfont: Authority
    coordinator: Person
    whole_buyer: Person
    referent: Person
    buyer: Person
    neighbour: Person
    accountant: Person


def cast(platform: Platform) -> Cast:
    platform.travel_to(at(FIRST_DAY, 9))
    whole = _authority("agglomeration-des-trois-vals", "Agglomération des Trois Vals", 0, 61_000, kind="agglomeration")
    valbruche = _authority("valbruche", "Valbruche", 1, 15_362, procurement_from=None)
    hautmont, ormeval = _authority("hautmont", "Hautmont", 2, 4_200), _authority("ormeval", "Ormeval", 3, 980)
    clairfont = _authority("clairfont", "Clairfont", 4, 2_750)
    agents = [
        an_agent(house, role, name)
        for house, role, name in (
            (whole, "coordinator", "Capucine Ensemble"), (whole, "buyer", "Baptiste Marché"),
            (valbruche, "referent", "Rémi Vallée"), (valbruche, "buyer", "Bérénice Achète"),
            (hautmont, "referent", "Hortense Crête"), (hautmont, "finance_agent", "Florent Comptes"),
        )
    ]  # fmt: skip
    for agent in agents:
        give_totp(agent.id)
    return Cast(whole, valbruche, hautmont, ormeval, clairfont, *agents)


def _authority(slug: str, name: str, rank: int, population: int, **fields: Any) -> Authority:
    siren = with_key(f"2168{rank:04d}")
    return an_authority(
        slug,
        name=name,
        siren=siren,
        siret=town_hall_siret(siren),
        population=population,
        population_year=2023,
        **fields,
    )


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.PARIS)


def home(house: Authority) -> str:
    return f"/{house.slug}/mutualisation/"


def fill(page: Page, values: dict[str, Any], within: str = "main") -> None:
    """By name of field: text, day, amount, choice (its words or its value), box, file."""
    for name, value in values.items():
        found = page.locator(f"{within} [name='{name}']:not([type=hidden])")
        kind = found.first.evaluate("e => e.type")
        if kind == "file":
            found.set_input_files({"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": value})
        elif kind in {"radio", "checkbox"}:
            choose(page, name, value)
        elif kind.startswith("select"):
            words = found.locator("option").all_inner_texts()
            label = next((one for one in words if one.startswith(str(value))), None)
            found.select_option(label=label) if label else found.select_option(str(value))
        else:
            found.fill(value.isoformat() if isinstance(value, date) else str(value))


def choose(page: Page, name: str, value: Any) -> None:
    values = value if isinstance(value, list) else [value]
    for one in values:
        page.locator(f"[name='{name}']" + ("" if one is True else f"[value='{one}']")).check()


def press(page: Page, name: str | re.Pattern[str], exact: bool = True) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=exact).first.click()
    settled(page)


def follow(page: Page, name: str | re.Pattern[str], within: Locator | None = None) -> None:
    with page.expect_navigation():
        (within or page.locator("main")).get_by_role("link", name=name).first.click()


def settled(page: Page) -> None:
    """No form came back with an error: what the page says of it is the failure's message."""
    wrong = page.locator("main .error-summary, main .field--error")
    assert not wrong.count(), f"{page.url}: {' | '.join(wrong.all_inner_texts())}"


def sent(page: Page, values: dict[str, Any], button: str | re.Pattern[str]) -> None:
    fill(page, values)
    press(page, button)


def opened(why: Locator) -> str:
    """The words that a « Pourquoi ? » unfolds."""
    why.locator("summary").first.click()
    return plain(why.locator(".why__body").first.inner_text())


def plain(text: str) -> str:
    """Spaces of every width alike."""
    return re.sub(r"\s+", " ", text)


def money(cents: int) -> str:
    """As a page writes it, its spaces made plain: 1 250,50 €."""
    return f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02d} €"


def downloaded(page: Page, name: str | re.Pattern[str]) -> bytes:
    """The file behind a link, as the same session gets it."""
    link = page.locator("main").get_by_role("link", name=name).first
    answer = page.request.get(link.evaluate("e => e.href"))
    assert answer.ok, f"{answer.url}: {answer.status}"
    return answer.body()


def paper_text(content: bytes) -> str:
    """Words of a PDF, spaces made plain."""
    return plain(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages))


def tab_to(page: Page, selector: str) -> None:
    """With the Tab key alone."""
    for _press in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"{page.url}: {selector} is not reached by the keyboard")


def letters(person: Person, words: str = "") -> list[Any]:
    """What was written to somebody, the newest first."""
    return [one for one in messages() if one.to == person.email and words in one.title]


def until(found: Callable[[], Any], within: float = 20) -> Any:
    """What the worker will have done, as soon as it has."""
    limit = waiting.monotonic() + within
    while not (value := found()):
        assert waiting.monotonic() < limit, found
        waiting.sleep(0.2)
    return value


def deliberation(number: str) -> bytes:
    return pdf(f"Délibération {number}")


def shares_of(group: str, house: Authority, year: int = YEAR) -> YearShares:
    """What the engine says, asked directly. `group`: its address, « groupements/<id>/ »."""
    with scope.authority(house.id):
        return year_shares(JointProcurement.objects.get(id=group.split("/")[1]), year)


def bill(commitment: str, buyer: Authority, on: date) -> Bill:
    line = BilledLine("Téléservice d’inscription scolaire", Decimal(1), SCHOOL_PRICE_CENTS, code="TS-01")
    return Bill(
        number="F-2027-0012", delivered_on=on, issued_on=on, due_on=date(YEAR, 2, 20), firm=FIRM,
        buyer_name=buyer.name, buyer_siret=buyer.siret, lines=(line,), commitment_number=commitment,
        framework_reference=FRAMEWORK,
    )  # fmt: skip


def contractor_siret() -> str:
    return company_siret(FIRM.rank)


def half_of(cost: SharedCost, house: Authority) -> int:
    """Cents, taxes included: what the first of two instalments calls of a part."""
    assert cost.split is not None
    part = cost.split.amounts(house.siren)
    return instalments(part.ht, 2)[0] + instalments(part.vat, 2)[0]


def base_cost(shares: YearShares) -> SharedCost:
    return next(one for one in shares.costs if one.item.kind == "base")
