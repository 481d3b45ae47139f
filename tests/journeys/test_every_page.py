"""Every page of the table of addresses, and every state that a visitor can bring about, in a real browser.

On each: styles loaded, console silent, axe finds nothing, one title, no sideways scroll on a telephone of 320 px.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from playwright.sync_api import expect

from parvis.accounts.facade import current_codes, give_totp
from parvis.accounts.models import Person
from tests.journeys.conftest import Platform, Visitor, check_axe
from tests.site import url_world
from tests.site.url_rows import COLUMNS, Row
from tests.site.url_table import DEMO_PAGES, TABLE
from tests.site.url_table_pooling import POOLING_PAGES
from tests.site.url_world import HERE, World, address
from tests.world import PASSWORD

Enter = Callable[[str], Visitor]
PHONE = {"width": 320, "height": 800}
SCREEN = {"width": 1280, "height": 900}
# What a browser itself writes on its console when a page rightly says no.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (400|401|403|404|409|412|422)")


@pytest.fixture(scope="module")
def world(platform: Platform) -> Iterator[World]:
    """The world of the table, where the running server sees it."""
    before = django_settings.DATA, django_settings.FILES
    django_settings.DATA, django_settings.FILES = platform.data, platform.data / "files"
    try:
        yield url_world.build()
    finally:
        django_settings.DATA, django_settings.FILES = before


@pytest.fixture
def column(visitor: Enter, world: World) -> Enter:
    """A visitor of the table, signed in as it says, one browser for each."""
    entered: dict[str, Visitor] = {}

    def enter(name: str) -> Visitor:
        if name not in entered:
            entered[name] = who = visitor(name)
            cookie = world.clients[name].cookies.get(django_settings.SESSION_COOKIE_NAME)
            if cookie is not None:
                who.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": who.platform.url}])
        return entered[name]

    return enter


def see(who: Visitor) -> None:
    """What `Visitor.look` asks, and the telephone's width."""
    who.complaints[:] = [said for said in who.complaints if not EXPECTED.search(said)]
    who.look()
    page = who.page
    assert page.locator("h1").count() == 1, page.url
    page.set_viewport_size(PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(SCREEN)
    assert wide <= PHONE["width"], f"{page.url} is {wide} px wide on a telephone of 320"


def visit(who: Visitor, path: str) -> bool:
    """Looks at a page; False when the address gives a file, which has nothing to look at."""
    kind = who.context.request.get(who.platform.url + path).headers.get("content-type", "")
    if not kind.startswith("text/html"):
        return False
    who.page.goto(who.platform.url + path)
    see(who)
    return True


def looks() -> list[tuple[str, Row, str]]:
    """Who looks at what: each page by somebody who may, each refusal once for each profile; redirects lead to these."""
    chosen, seen = [], set()
    for name, row in TABLE.items():
        if row.method != "get" or (name in DEMO_PAGES and name not in {"mailbox", "components"}):
            continue
        for status in dict.fromkeys(row.statuses):
            key = (name, 200) if status == 200 else (row.statuses, status)
            if key in seen or status == 302:
                continue
            seen.add(key)
            may = [who for who, got in zip(COLUMNS, row.statuses, strict=True) if got == status]
            chosen.append(
                (
                    name,
                    row,
                    "company" if "company" in may and len(may) == len(COLUMNS) else may[-1 if status == 200 else 0],
                )
            )
    return chosen


# What must be among the pages looked at: a table that lost its rows would look at nothing.
SEEN = {
    "pooling": (
        "pooling", "public_group", "public_simulation",
        "agreement", "group", "group_needs", "framework", "order_issue", "invoice", "cost", "cost_share", "simulator",
        "statement", "meeting_call", "committee_dossier",
    ),
    "elsewhere": (
        "home", "consultation", "deposit", "receipt", "desk_consultation", "my_key", "opening", "branding",
        "find_appointment", "place", "booking", "move_booking", "reception", "reception_figures", "agenda_hours",
    ),
}  # fmt: skip


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", SEEN)
def test_every_page_for_who_may_and_who_may_not(column: Enter, world: World, part: str) -> None:
    chosen = [one for one in looks() if (one[0] in POOLING_PAGES) is (part == "pooling")]
    pages = [name for name, row, who in chosen if visit(column(who), address(name, row.where, world))]
    assert set(SEEN[part]) <= set(pages), set(SEEN[part]) - set(pages)
    assert len(pages) > 75, pages


def test_appointments_found_and_not_found(column: Enter, world: World) -> None:
    anonymous, find = column("anonymous"), reverse("find_appointment")
    place = reverse("place", args=[HERE, world.ids["place"]])
    for path in (
        f"{find}?motif=id-card&personnes=2&pres=Valbruche", f"{find}?motif=id-card&personnes=1&quand=samedi",
        f"{find}?motif=id-card&pres=nulle-part", f"{find}?motif=inconnu", f"{find}?motif=id-card&sans_marche=on",
        f"{place}?motif={world.ids['reason']}&personnes=1", f"{place}?motif={world.ids['reason']}&personnes=4",
        reverse("appointments", args=["autre-rive"]), f"{reverse('join_waiting')}?motif=id-card&personnes=1",
        f"{reverse('booking', args=[HERE, 'rien'])}",
    ):  # fmt: skip
        assert visit(anonymous, path), path
    agent, list_ = column("desk_agent"), reverse("reception", args=[HERE])
    for view in ("?vue=tous", "?vue=absents", "?q=introuvable", "?date=2026-01-04"):
        assert visit(agent, f"{list_}{view}"), view


def test_every_step_and_view_of_the_desk(column: Enter, world: World) -> None:
    buyer, draft = column("buyer"), {"authority": HERE, "consultation": world.ids["draft"]}
    for step in ("procedure", "lots", "criteres", "enveloppes", "documents", "calendrier", "contact", "verification"):
        assert visit(buyer, reverse("edit_consultation", kwargs={**draft, "step": step})), step
    for name in ("desk_consultation", "publish_consultation"):
        visit(buyer, reverse(name, kwargs=draft))
    past = {"authority": HERE, "consultation": world.ids["past"]}
    for name in ("desk_consultation", "consultation", "deposit_register", "download_register"):
        visit(buyer, reverse(name, kwargs=past))
    for view in ("preparation", "en-cours", "a-ouvrir", "closes", "toutes"):
        visit(buyer, f"{reverse('desk', args=[HERE])}?vue={view}")
    visit(buyer, f"{reverse('desk', args=[HERE])}?q=introuvable")
    chair = column("chair")
    for name in ("desk_consultation", "ceremony", "rehearsal"):
        visit(chair, reverse(name, kwargs=draft))
    visit(chair, reverse("opening", kwargs={**past, "consultation": world.ids["current"]}))


def test_lists_full_and_empty(column: Enter, world: World) -> None:
    anonymous = column("anonymous")
    for path in (
        f"{reverse('all_consultations')}?etat=all", f"{reverse('all_consultations')}?q=introuvable",
        f"{reverse('search')}?q=valbruche", f"{reverse('search')}?q=introuvable",
        reverse("consultations", args=["autre-rive"]), f"{reverse('mailbox')}?a=personne",
        f"{reverse('components')}?cadre=desk", f"{reverse('components')}?cadre=session",
        "/une/adresse/inconnue/",
    ):  # fmt: skip
        assert visit(anonymous, path), path


def refused_form(who: Visitor, path: str, button: str, **values: str) -> None:
    """Sends a form as it must not be; the page comes back, says what to correct, and is as good as the others."""
    page = who.page
    page.goto(who.platform.url + path)
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)
    page.locator("main").get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()
    expect(page.locator("main .error-summary, main .field__error").first).to_be_visible()
    see(who)


def test_forms_that_say_what_to_correct(column: Enter, world: World) -> None:
    anonymous, person, buyer = column("anonymous"), column("person"), column("buyer")
    refused_form(anonymous, reverse("account_login"), "Se connecter")
    refused_form(anonymous, reverse("account_signup"), "Créer mon compte", email="ni une adresse", password1="court")
    refused_form(anonymous, reverse("account_reset_password"), "Recevoir un lien")
    refused_form(
        anonymous, address("consultation", TABLE["consultation"].where, world), "Me prévenir", email="ni une adresse"
    )
    refused_form(person, reverse("edit_profile"), "Enregistrer", full_name="")
    refused_form(person, reverse("choose_company"), "Ajouter cette entreprise", siret="123")
    refused_form(buyer, reverse("new_consultation", args=[HERE]), "Ouvrir le dossier")
    refused_form(column("administrator"), reverse("agents", args=[HERE]), "Donner ce rôle")
    refused_form(column("operator"), reverse("create_authority"), "Ouvrir la collectivité")


def test_accounts_by_their_letters_and_codes(visitor: Enter, world: World) -> None:
    """From sign-up to a second factor, by the letters of the demo's mailbox: each page on the way is looked at."""
    who = visitor("newcomer")
    page = who.page
    who.go(reverse("account_signup"))
    page.fill("[name=full_name]", "Nina Nouvelle")
    page.fill("[name=email]", "nina@nouvelle.test")
    page.fill("[name=password1]", PASSWORD)
    page.get_by_role("button", name="Créer mon compte").click()
    page.wait_for_load_state()
    see(who)
    page.goto(who.platform.url + letter(who, "nina@nouvelle.test"))
    see(who)
    page.get_by_role("button", name="Oui, c’est mon adresse").click()
    page.wait_for_load_state()
    see(who)
    if "connexion" in page.url:
        page.fill("[name=login]", "nina@nouvelle.test")
        page.fill("[name=password]", PASSWORD)
        page.locator("main").get_by_role("button", name="Se connecter", exact=True).click()
        page.wait_for_load_state()
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        page.goto(who.platform.url + reverse(name))
        see(who)
    second_step(who)


def second_step(who: Visitor) -> None:
    """The same person with an authenticator: the code refused, then given; recovery codes, and taking it away."""
    page, person = who.page, Person.objects.get(email="nina@nouvelle.test")
    give_totp(person.id)
    who.context.clear_cookies()
    page.goto(who.platform.url + reverse("account_login"))
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).click()
    page.fill("[name=code]", "000000")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".error-summary")).to_be_visible()
    see(who)
    page.fill("[name=code]", current_codes()[person.id])
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_load_state()
    for name in (
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_deactivate_totp",
        "my_account",
    ):
        page.goto(who.platform.url + reverse(name))
        see(who)


def letter(who: Visitor, to: str) -> str:
    """The path of the first link of the newest letter to this address; the worker sends it within seconds."""
    page = who.page
    for _ in range(40):
        page.goto(f"{who.platform.url}{reverse('mailbox')}?a={to}")
        link = page.locator("details.letter a").first
        if link.count():
            see(who)
            return str(link.get_attribute("href")).removeprefix(who.platform.url)
        page.wait_for_timeout(500)
    raise AssertionError(f"no letter to {to}")


def test_dark_large_and_by_keyboard(column: Enter, world: World) -> None:
    """The dark scheme has its own contrasts; at 200 % nothing is lost; the keyboard goes straight to the content."""
    company, chair = column("company"), column("chair")
    for who, name in (
        (company, "home"), (company, "consultation"), (company, "receipt"), (company, "deposit"),
        (chair, "desk_consultation"), (chair, "opening"), (chair, "my_key"),
    ):  # fmt: skip
        page = who.page
        page.emulate_media(color_scheme="dark")
        page.goto(who.platform.url + address(name, TABLE[name].where, world))
        check_axe(page)
        page.set_viewport_size({"width": 640, "height": 450})
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, name
        page.keyboard.press("Tab")
        expect(page.locator("a.skip")).to_be_focused()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "contenu"
        page.set_viewport_size(SCREEN)
        page.emulate_media(color_scheme="light")


def test_a_page_needs_its_styles(column: Enter, world: World) -> None:
    """The control: without the stylesheet, and with a name taken off a field, these checks do complain."""
    who: Any = column("anonymous")
    who.page.goto(who.platform.url + reverse("account_login"))
    who.page.evaluate("document.querySelector('label[for]').removeAttribute('for')")
    with pytest.raises(AssertionError, match="label"):
        see(who)
    who.page.evaluate("document.querySelectorAll('link[rel=stylesheet]').forEach(e => e.remove())")
    with pytest.raises(AssertionError, match="styles"):
        see(who)
