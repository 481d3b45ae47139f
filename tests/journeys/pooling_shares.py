"""The second half of the journey of pooling: what is shared, tried, called, paid, decided and shown."""

import json
import re
from datetime import date
from typing import Any

from playwright.sync_api import expect

from tests.journeys import pooling_journey as story
from tests.journeys.conftest import Platform, Visitor
from tests.journeys.people import sign_in
from tests.journeys.pooling_journey import (
    COMMITTEE,
    DELIVERED,
    DESK,
    FRAMEWORK,
    PHONE,
    YEAR,
    Cast,
    at,
    downloaded,
    fill,
    follow,
    home,
    letters,
    money,
    opened,
    paper_text,
    plain,
    press,
    sent,
    shares_of,
    until,
)

# Cents without VAT of the 12,000 euros of Socle 2027, computed by hand. The agglomeration is alone for 3 days; then for
# 11 days 1, 2 and 1 e-services of 4; then for 351 days 1, 3 and 2 of 6; half e-services, half of 80,562 inhabitants.
BASE_PARTS = {"agglomeration-des-trois-vals": 561_122, "valbruche": 411_005, "hautmont": 227_873}


def cost_written(coordinator: Visitor, people: Cast, group: str) -> None:
    page = coordinator.page
    coordinator.go(f"{home(people.whole)}{group}couts/nouveau/")
    coordinator.look("pooling-cost-form")
    base = {"kind": "Socle", "label": "Socle 2027", "from_on": date(YEAR, 1, 1), "last_day": date(YEAR, 12, 31)}
    sent(page, {**base, "ht_cents": "12 000"}, "Enregistrer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Socle 2027")
    coordinator.look("pooling-cost")


def shares_read(coordinator: Visitor, people: Cast, group: str) -> None:
    """Totals are those of the costs; each part is the engine's, and tells its computation; who offers nothing, why."""
    page, costs = coordinator.page, f"{home(people.whole)}{group}couts/"
    shares = shares_of(group, people.whole)
    base = story.base_cost(shares)
    assert base.split is not None
    houses = (people.whole, people.valbruche, people.hautmont)
    assert base.split.ht == {house.siren: BASE_PARTS[house.slug] for house in houses}
    assert (shares.total.ht, shares.total.ttc) == (2_000_000, 2_400_000)
    coordinator.go(costs)
    table = plain(page.locator("main table").last.inner_text())
    for house in houses:
        one = shares.amounts(house.siren)
        assert f"{money(one.ht)} {money(one.vat)} {money(one.ttc)}" in table
    assert f"{money(2_000_000)} {money(400_000)} {money(2_400_000)}" in table
    why = opened(page.locator("section[aria-labelledby=la-votre] details.why"))
    assert money(shares.amounts(people.whole.siren).ttc) in why
    coordinator.look("pooling-shares")
    told = _why_of(coordinator, "Valbruche", base)
    for line in shares.why(base, people.valbruche.siren):
        assert plain(line.text) in told
    assert money(BASE_PARTS["valbruche"]) in told
    coordinator.look("pooling-why")
    coordinator.go(costs)
    told = _why_of(coordinator, "Ormeval", base)
    assert "Ormeval ne paie rien : aucun téléservice proposé" in told
    assert plain(page.locator("main dl.figures dd").first.inner_text()) == "0,00 €"
    coordinator.look("pooling-why-nothing")


def _why_of(coordinator: Visitor, member: str, cost: Any) -> str:
    page = coordinator.page
    follow(page, member, page.locator("section[aria-labelledby=parts]"))
    return opened(page.locator(f"#c-{cost.item.id} details.why"))


def tried_before_deciding(coordinator: Visitor, mayor: Visitor, people: Cast, group: str) -> None:
    """What if Clairfont joined? Before and after, in a PDF, and behind a link that a mayor opens without an account."""
    page = coordinator.page
    coordinator.go(f"{home(people.whole)}{group}simulateur/")
    coordinator.look("pooling-simulator-example")
    follow(page, re.compile("Une commune rejoint le groupement"))
    coordinator.look()
    fill(page, {"siren": "Clairfont", "from_on": date(YEAR, 7, 1), "own": 2})
    press(page, "Voir ce que cela donne")
    rows = page.locator("section[aria-labelledby=resultat] tbody tr")
    newcomer = rows.filter(has_text="Clairfont").locator("td")
    assert plain(newcomer.nth(0).inner_text()) == "0,00 €"
    before = shares_of(group, people.whole)
    for house in (people.whole, people.valbruche, people.hautmont):
        cells = rows.filter(has_text=house.name).locator("td")
        assert plain(cells.nth(0).inner_text()) == money(before.amounts(house.siren).ttc)
    total = rows.last.locator("td")
    assert plain(total.nth(0).inner_text()) == plain(total.nth(1).inner_text()) == money(2_400_000)
    after = plain(newcomer.nth(1).inner_text())
    assert after != "0,00 €"
    coordinator.look("pooling-simulator")
    assert after in paper_text(downloaded(page, "Télécharger en PDF"))
    press(page, "Créer un lien public")
    link = page.locator("#lien a").inner_text()
    mayor.page.set_viewport_size(PHONE)
    mayor.go(link)
    expect(mayor.page.locator("main")).to_contain_text("Ceci est une simulation")
    assert after in plain(mayor.page.locator("main").inner_text())
    mayor.look("pooling-simulation-phone")
    mayor.page.set_viewport_size(DESK)


def instalment_called(coordinator: Visitor, accountant: Visitor, people: Cast, group: str) -> str:
    """Previewed whole, then issued; the debtor's accountant reads why and takes the files. The statement's address."""
    page = coordinator.page
    coordinator.go(f"{home(people.whole)}{group}releves/{YEAR}/acompte/1/")
    expect(page.locator("main")).to_contain_text("Rien n’est encore émis.")
    coordinator.look("pooling-call")
    press(page, re.compile("Émettre les 2 relevés"))
    coordinator.look("pooling-statements")
    assert until(lambda: letters(people.accountant))
    sign_in(accountant, people.accountant)
    accountant.go(f"{home(people.hautmont)}{group}releves/")
    accountant.look("pooling-statements-owed")
    follow(accountant.page, re.compile("2027-"), accountant.page.locator("section[aria-labelledby=releves]"))
    statement = accountant.page.url.partition("/mutualisation/")[2]
    base = story.base_cost(shares_of(group, people.whole))
    half = money(story.half_of(base, people.hautmont))
    assert half in plain(accountant.page.locator("p.sum").first.inner_text())
    told = opened(accountant.page.locator("section[aria-labelledby=lignes] details.why"))
    assert "habitants" in told
    accountant.look("pooling-statement")
    text = paper_text(downloaded(accountant.page, re.compile("PDF")))
    assert half in text
    data = json.loads(downloaded(accountant.page, re.compile("JSON")))
    assert f"{story.half_of(base, people.hautmont)}" in json.dumps(data).replace(".", "")
    accountant.go(f"{home(people.hautmont)}{group}releves/?annee={YEAR}&vue=a-payer")
    sheet = downloaded(accountant.page, re.compile("CSV")).decode("utf-8-sig")
    assert "Socle 2027" in sheet
    accountant.page.set_viewport_size(PHONE)
    accountant.go(f"{home(people.hautmont)}{statement}")
    accountant.look("pooling-statement-phone")
    return statement


def paid(coordinator: Visitor, statement: str, people: Cast) -> None:
    """The creditor notes what its treasury tells."""
    page = coordinator.page
    coordinator.go(f"{home(people.whole)}{statement}")
    follow(page, "Noter un paiement")
    coordinator.look()
    left = page.locator("p.sum").first.inner_text().replace("€", "").strip()
    sent(page, {"amount_cents": plain(left), "paid_on": DELIVERED, "reference": "Titre 31"}, "Noter le paiement")
    expect(page.locator("main")).to_contain_text("Payé")
    assert "0,00 €" in plain(page.locator("section[aria-labelledby=montant]").inner_text())
    coordinator.look("pooling-statement-paid")


def committee_held(platform: Platform, coordinator: Visitor, people: Cast, group: str) -> None:
    """Called by mail, held, it changes a key from next year; minutes are filed, and the file of figures is a PDF."""
    page, committee = coordinator.page, f"{home(people.whole)}{group}comite/"
    coordinator.go(committee)
    follow(page, "Préparer un comité")
    coordinator.look("pooling-meeting-form")
    where = {"day": COMMITTEE, "hour": "14:00", "place": "Hôtel d’agglomération, salle 2"}
    sent(page, {**where, "agenda": "Commandes de l’année\nClé du socle"}, re.compile("Enregistrer|Préparer"))
    meeting = page.url
    follow(page, "Convoquer les membres")
    coordinator.look("pooling-meeting-call")
    press(page, "Convoquer maintenant")
    [letter] = until(lambda: [one for one in letters(people.referent) if "Clé du socle" in one.text])
    assert "salle 2" in letter.text
    coordinator.go(f"{committee}dossier/")
    assert money(2_400_000) in paper_text(downloaded(page, "Télécharger le dossier (PDF)"))
    coordinator.look("pooling-dossier")
    platform.travel_to(at(COMMITTEE, 16))
    coordinator.go(meeting)
    follow(page, "Noter les présents")
    for house, name in ((people.whole, "Alix Présidente"), (people.valbruche, "Claude Martel")):
        page.locator(f"[name=delegate-{house.id}]").fill(name)
    for house, seen in ((people.hautmont, "excused"), (people.ormeval, "absent")):
        page.locator(f"[name=presence-{house.id}]").select_option(seen)
    press(page, "Enregistrer les présences")
    _key_changed(coordinator)
    coordinator.go(meeting)
    follow(page, "Écrire le compte rendu")
    press(page, "Déposer le compte rendu")
    coordinator.look("pooling-meeting-minuted")
    text = paper_text(downloaded(page, "Compte rendu (PDF)"))
    assert "Claude Martel" in text
    coordinator.go(f"{home(people.whole)}{group}couts/cles/")
    expect(page.locator("main")).to_contain_text("décidée au comité")
    coordinator.look("pooling-keys")


def _key_changed(coordinator: Visitor) -> None:
    page = coordinator.page
    follow(page, "Ajouter une décision")
    follow(page, re.compile("Changer une clé"))
    follow(page, re.compile("Téléservices et population"))
    values = {"text": "La population compte pour les deux tiers du socle.", "in_force_on": date(YEAR + 1, 1, 1)}
    sent(page, {**values, "weight": "1/3"}, "Voir l’effet")
    expect(page.locator("section[aria-labelledby=effet]")).to_contain_text("Valbruche")
    coordinator.look("pooling-key-effect")
    press(page, "Enregistrer la décision")


def shown_to_everybody(coordinator: Visitor, public: Visitor, people: Cast, group: str) -> None:
    """Each link of the chain on the group's own page; what is public, and its open data, for whoever passes by."""
    page = coordinator.page
    coordinator.go(f"{home(people.whole)}{group}")
    chain = page.locator("section[aria-labelledby=chaine] article")
    seen = [plain(one) for one in chain.all_inner_texts()]
    steps = (
        ("Besoins", "2 collectivités"), ("Consultation", "Téléservices des communes"), ("Accord-cadre", FRAMEWORK),
        ("Commandes", "8 000,00 €"), ("Téléservices", "partagé"), ("Parts", "20 000,00 €"), ("Relevés", "relevés"),
    )  # fmt: skip
    for (title, words), text in zip(steps, seen, strict=True):
        assert text.startswith(title), text
        assert words in text, text
    coordinator.look("pooling-chain")
    public.go(f"/{people.whole.slug}/groupements/")
    follow(public.page, "Services numériques des communes")
    expect(public.page.locator("main")).to_contain_text("Hautmont")
    public.look("pooling-public")
    data = json.loads(downloaded(public.page, re.compile("JSON")))
    assert "Services numériques des communes" in json.dumps(data, ensure_ascii=False)
