"""From a deliberation to an amount that a commune understands and pays, by the pages alone: an agreement opens the tool
of procurement, a group is founded, joined, supplied, shared to the cent, called, paid, governed and shown to everybody.
"""

import json
import re
from datetime import date

import pytest
from playwright.sync_api import expect

from parvis.site.demo.invoices import bill_pdf
from tests.journeys import pooling_journey as story
from tests.journeys import pooling_shares as shares
from tests.journeys.conftest import Platform, Visitor
from tests.journeys.people import pdf, sign_in
from tests.journeys.pooling_journey import (
    DELIVERED,
    DESK,
    FIRST_DAY,
    FRAMEWORK,
    PHONE,
    SCHEDULE,
    YEAR,
    Cast,
    Enter,
    at,
    deliberation,
    downloaded,
    fill,
    follow,
    home,
    letters,
    money,
    paper_text,
    press,
    sent,
    tab_to,
    until,
)


# Alone on two cores it takes two minutes; beside the other tests, more than the usual limit.
@pytest.mark.timeout(900)
def test_from_a_deliberation_to_an_amount_paid(platform: Platform, visitor: Enter) -> None:
    people = story.cast(platform)
    coordinator, referent = visitor("coordinator"), visitor("referent")
    sign_in(coordinator, people.coordinator)
    sign_in(referent, people.referent)
    tool_lent(coordinator, referent, visitor("buyer"), people)
    group = group_founded(coordinator, people)
    neighbour = visitor("neighbour")
    members_join(coordinator, referent, neighbour, people, group)
    ground_of_shares(coordinator, referent, people, group)
    consultation_opened(coordinator, visitor("whole-buyer"), people, group)
    framework_taken_up(coordinator, group)
    order = order_shared(platform, referent, neighbour, people, group)
    order_issued(platform, referent, people, order)
    order_paid(referent, people, group, order)
    shares.cost_written(coordinator, people, group)
    shares.shares_read(coordinator, people, group)
    public = visitor("mayor")
    shares.tried_before_deciding(coordinator, public, people, group)
    statement = shares.instalment_called(coordinator, visitor("accountant"), people, group)
    shares.paid(coordinator, statement, people)
    shares.committee_held(platform, coordinator, people, group)
    shares.shown_to_everybody(coordinator, public, people, group)


def tool_lent(coordinator: Visitor, referent: Visitor, buyer: Visitor, people: Cast) -> None:
    """Refused before, with the reason; each side joins its deliberation; signed, the buyer opens a consultation."""
    new = f"/{people.valbruche.slug}/bureau/consultations/nouvelle/"
    sign_in(buyer, people.buyer)
    buyer.page.goto(buyer.platform.url + new)
    expect(buyer.page.locator("main")).to_contain_text("n’est pas encore ouvert pour Valbruche")
    buyer.complaints.clear()  # the browser tells of the refusal
    buyer.look("pooling-tool-closed")
    page = coordinator.page
    coordinator.go(home(people.whole))
    coordinator.look("pooling-home")
    coordinator.go(f"{home(people.whole)}conventions/nouvelle/")
    sent(page, {"commune": "Valbruche", "starts_on": FIRST_DAY}, "Préparer la convention")
    agreement = page.url.rstrip("/").rpartition("/")[2]
    _join_deliberation(coordinator, "Délibération de l’agglomération", "2026-118", date(2026, 11, 30))
    referent.go(f"{home(people.valbruche)}conventions/{agreement}/")
    referent.look("pooling-agreement-draft")
    _join_deliberation(referent, "Délibération de la commune", "DCM 2026-41", date(2026, 12, 14))
    coordinator.go(f"{home(people.whole)}conventions/{agreement}/")
    follow(page, "Noter la signature")
    coordinator.look("pooling-agreement-sign")
    signed = {"signed_on": FIRST_DAY, "starts_on": FIRST_DAY, "signed_copy": pdf("convention signée")}
    sent(page, signed, "Noter la signature")
    expect(page.locator("main")).to_contain_text("3 janvier 2028")
    coordinator.look("pooling-agreement")
    assert "Valbruche" in paper_text(downloaded(page, "Imprimer (PDF)"))
    buyer.go(new)
    buyer.page.get_by_label("Que voulez-vous acheter").fill("Mobilier de la salle des fêtes")
    buyer.page.get_by_label("Fournitures").check()
    press(buyer.page, "Ouvrir le dossier")
    buyer.look()


def _join_deliberation(who: Visitor, kind: str, number: str, day: date) -> None:
    follow(who.page, "Joindre une délibération")
    choice = {"kind": kind} if who.page.locator("main select[name=kind]").count() else {}
    sent(who.page, {**choice, "title": number, "dated": day, "file": deliberation(number)}, "Joindre")


def group_founded(coordinator: Visitor, people: Cast) -> str:
    """The address of the group, after the slug's own part: « groupements/<id>/ »."""
    page = coordinator.page
    coordinator.go(f"{home(people.whole)}groupements/nouveau/")
    coordinator.look()
    sent(
        page,
        {
            "name": "Services numériques des communes", "decision": "Délibération 2026-119",
            "purpose": "Acheter ensemble des téléservices et leur hébergement. Chacun commande et paie sa part.",
            "decided_on": date(2026, 11, 30), "starts_on": date(YEAR, 1, 1), "cpv": "72000000",
        },
        "Créer le groupement",
    )  # fmt: skip
    group = page.url.partition("/mutualisation/")[2]
    follow(page, "Démarrer le groupement")
    coordinator.look("pooling-group-start")
    days = {"signed_on": date(2026, 12, 18), "starts_on": date(YEAR, 1, 1), "ends_on": date(2030, 12, 31)}
    sent(page, {**days, "file": pdf("convention constitutive")}, "Mettre en vigueur")
    coordinator.look("pooling-group-new")
    return group


def members_join(coordinator: Visitor, referent: Visitor, neighbour: Visitor, people: Cast, group: str) -> None:
    """One is invited, one asks to join, one decided on paper; each says what it needs."""
    page = coordinator.page
    for name in ("Valbruche", "Ormeval"):
        coordinator.go(f"{home(people.whole)}{group}membres/inviter/")
        sent(page, {"member": name}, "Inviter")
    assert until(lambda: letters(people.referent, "groupement"))
    referent.go(f"{home(people.valbruche)}{group}")
    referent.look("pooling-group-invited")
    follow(referent.page, "Écrire un besoin")
    _need_by_keyboard(referent)
    _notify(referent, f"{home(people.valbruche)}{group}", "DCM 2026-42")
    sign_in(neighbour, people.neighbour)
    neighbour.go(f"{home(people.hautmont)}groupements/")
    neighbour.look("pooling-groups-to-join")
    follow(neighbour.page, "Services numériques des communes")
    neighbour.look()
    with neighbour.page.expect_navigation():
        neighbour.page.locator("main form button").first.click()
    neighbour.go(f"{home(people.hautmont)}{group}membres/besoins/nouveau/")
    need = {"kind": "Acquisition", "label": "inscription scolaire", "quantity": 1, "unit": "forfait"}
    sent(neighbour.page, {**need, "estimated_cents": "7 500"}, "Enregistrer")
    _notify(neighbour, f"{home(people.hautmont)}{group}", "DCM 2026-77")
    for name in ("Valbruche", "Hautmont"):
        coordinator.go(f"{home(people.whole)}{group}membres/")
        follow(page, name)
        sent(page, {"effective_on": FIRST_DAY}, "Prendre acte de l’adhésion")
    _decided_on_paper(coordinator, f"{home(people.whole)}{group}membres/")
    coordinator.go(f"{home(people.whole)}{group}membres/")
    expect(page.get_by_role("heading", name="4 membres")).to_be_visible()
    coordinator.look("pooling-members")
    assert until(lambda: letters(people.neighbour))


def _need_by_keyboard(referent: Visitor) -> None:
    """The form of a need, without a mouse."""
    page = referent.page
    tab_to(page, "[name=kind]")
    page.keyboard.type("Acq")
    for name, words in (
        ("label", "Inscription scolaire"), ("quantity", "1"), ("unit", "forfait"), ("estimated_cents", "8 000"),
    ):  # fmt: skip
        tab_to(page, f"[name={name}]")
        page.keyboard.press("Control+a")
        page.keyboard.type(words)
    referent.look("pooling-need")
    tab_to(page, "main form button[type=submit], main form button:not([type])")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Inscription scolaire")
    referent.look()


def _notify(who: Visitor, group: str, number: str) -> None:
    who.go(f"{group}membres/")
    follow(who.page, "Notifier notre décision")
    who.look()
    sent(
        who.page,
        {"decision": number, "decided_on": date(2026, 12, 14), "file": deliberation(number), "service_code": "FIN-01"},
        "Notifier au coordinateur",
    )
    who.look()


def _decided_on_paper(coordinator: Visitor, members: str) -> None:
    page = coordinator.page
    coordinator.go(members)
    follow(page, "Ormeval")
    follow(page, "Enregistrer une décision reçue sur papier")
    number = "DCM 2026-12"
    decided = {"decision": number, "decided_on": date(2026, 12, 21), "file": deliberation(number)}
    sent(page, {**decided, "no_need": "Le conseil choisira au printemps."}, "Enregistrer la décision")
    coordinator.go(members)
    follow(page, "Ormeval")
    sent(page, {"effective_on": FIRST_DAY}, "Prendre acte de l’adhésion")


def ground_of_shares(coordinator: Visitor, referent: Visitor, people: Cast, group: str) -> None:
    """Populations are confirmed, e-services of today written once; Ormeval offers none."""
    page, costs = coordinator.page, f"{home(people.whole)}{group}couts/"
    coordinator.go(f"{costs}populations/")
    coordinator.look()
    follow(page, "Écrire les populations")
    coordinator.look("pooling-populations")
    expect(page.locator("main input[name^=of-]")).to_have_count(4)
    for house in (people.whole, people.hautmont, people.ormeval, people.valbruche):
        page.locator(f"[name=of-{house.id}]").fill(str(house.population))
    sent(page, {"source": "Insee, populations de référence 2023"}, "Enregistrer ces populations")
    coordinator.look()
    offered = (("Agglomération", "Badge de déchèterie"), ("Hautmont", "Location de salles"))
    for member, name in offered:
        coordinator.go(f"{costs}teleservices/ajouter/")
        told = {"member": member, "name": name, "from_on": date(2026, 3, 2)}
        sent(page, {**told, "agreement": "courriel du 4 janvier 2027"}, "Ajouter")
    for name in ("Inscription à la cantine", "Signaler un problème"):
        referent.go(f"{home(people.valbruche)}{group}couts/teleservices/ajouter/")
        sent(referent.page, {"name": name, "from_on": date(2026, 5, 4)}, "Ajouter")
    coordinator.go(f"{costs}teleservices/")
    coordinator.look("pooling-eservices")


def consultation_opened(coordinator: Visitor, buyer: Visitor, people: Cast, group: str) -> None:
    """Needs are summed; the file opens filled in, and names the group with its members."""
    page = coordinator.page
    coordinator.go(f"{home(people.whole)}{group}membres/besoins/")
    expect(page.locator("main")).to_contain_text("Hautmont, Valbruche")
    coordinator.look("pooling-needs")
    follow(page, "Ouvrir la consultation avec ces besoins")
    coordinator.look("pooling-consolidate")
    values = {"title": "Téléservices des communes", "max_cents": "200 000", "duration_months": 48}
    fill(page, values)
    with page.expect_navigation():
        page.get_by_role("button", name="Ouvrir le dossier d’achat").click()
    sign_in(buyer, people.whole_buyer)
    buyer.go(f"/{people.whole.slug}/bureau/")
    with buyer.page.expect_navigation():
        buyer.page.locator("tbody tr", has_text="Téléservices des communes").get_by_role("link").first.click()
    for name in ("Agglomération des Trois Vals", "Valbruche", "Hautmont", "Ormeval"):
        expect(buyer.page.locator("main")).to_contain_text(name)
    buyer.look("pooling-consultation")


def framework_taken_up(coordinator: Visitor, group: str) -> None:
    """A contract that exists already, with its schedule of prices."""
    page = coordinator.page
    coordinator.go(f"/agglomeration-des-trois-vals/mutualisation/{group}accords-cadres/nouveau/")
    follow(page, re.compile("Un contrat que vous avez déjà"))
    coordinator.look("pooling-framework-form")
    sent(
        page,
        {
            "reference": FRAMEWORK, "title": "Téléservices, hébergement et formation",
            "contractor_name": story.FIRM.name, "contractor_siret": story.contractor_siret(),
            "contractor_email": "commandes@ateliers-numeriques.test", "launched_on": date(2026, 5, 11),
            "awarded_on": date(2026, 9, 1), "signed_on": date(2026, 9, 14), "notified_on": date(2026, 9, 15),
            "starts_on": date(2026, 10, 1), "ends_on": date(2030, 9, 30), "min_cents": "10 000",
            "max_cents": "120 000",
        },
        "Enregistrer et écrire le bordereau",
    )  # fmt: skip
    sent(page, {"sheet": SCHEDULE}, "Enregistrer le bordereau")
    coordinator.look("pooling-framework")


def order_shared(platform: Platform, referent: Visitor, neighbour: Visitor, people: Cast, group: str) -> str:
    """Drafted from the schedule, announced; the neighbour joins it. The address of the order in the group."""
    page = referent.page
    referent.go(f"{home(people.valbruche)}{group}commandes/nouvelle/")
    if not page.locator("[name=title]").count():
        follow(page, re.compile("Téléservices, hébergement et formation"))
    referent.look("pooling-order-form")
    page.get_by_label(re.compile("Quantité, Téléservice d’inscription scolaire")).fill("1")
    values = {"title": "Inscription scolaire en ligne", "deliver_by": date(YEAR, 3, 1), "commitment": "2027-EJ-14"}
    sent(page, values, "Enregistrer la commande")
    order = page.url.partition("/mutualisation/")[2]
    follow(page, "Informer le groupement")
    press(page, "Informer les membres")
    referent.look()
    neighbour.page.set_viewport_size(PHONE)
    neighbour.go(f"{home(people.hautmont)}{order}repondre/")
    neighbour.look("pooling-order-answer-phone")
    sent(neighbour.page, {"kind": "join", "text": "Nous en avons besoin pour septembre."}, "Répondre")
    neighbour.page.set_viewport_size(DESK)
    referent.go(f"{home(people.valbruche)}{order}")
    follow(page, re.compile("Accepter de partager"))
    referent.look()
    press(page, "Partager la commande")
    expect(page.locator("main")).to_contain_text("Partage la commande")
    referent.look("pooling-order-announced")
    platform.travel_to(at(DELIVERED, 10))
    return order


def order_issued(platform: Platform, referent: Visitor, people: Cast, order: str) -> None:
    """Ten days are over: signed with the reason that is asked for, downloaded; delivered, the e-service is open."""
    page = referent.page
    platform.travel_to(at(DELIVERED, 10))
    referent.go(f"{home(people.valbruche)}{order}")
    follow(page, re.compile("émettre"))
    referent.look("pooling-order-issue")
    reason = "Le règlement prévoyait l’entrée des communes voisines."
    sent(page, {"reason": reason, "signatory": "Claude Martel, maire"}, "Émettre le bon de commande")
    referent.look("pooling-order-issued")
    text = paper_text(downloaded(page, "Bon de commande en PDF"))
    assert "BC-2027-0001" in text
    assert money(story.SCHOOL_PRICE_CENTS) in text
    signed = json.loads(downloaded(page, re.compile("JSON")))
    assert "BC-2027-0001" in json.dumps(signed)
    follow(page, re.compile("livraison"))
    referent.look("pooling-order-delivery")
    sent(
        page,
        {
            "delivered_on": DELIVERED, "report": "Tout est conforme à la commande.", "serves_from": DELIVERED,
            "new_name": "Inscription scolaire", "new_code": "ecole", "new_theme": "Famille",
        },
        "Enregistrer la réception",
    )  # fmt: skip
    expect(page.locator("main")).to_contain_text("Met en ligne «\u202fInscription scolaire\u202f»")
    referent.go(f"{home(people.valbruche)}{order.partition('commandes/')[0]}couts/teleservices/")
    for house, count in ((people.valbruche, 3), (people.hautmont, 2)):
        expect(page.locator("main")).to_contain_text(f"{house.name}\u202f: {count}")
    referent.look()


def order_paid(referent: Visitor, people: Cast, group: str, order: str) -> None:
    """The contractor's file is read, agrees with the order, and its payment is noted."""
    page = referent.page
    referent.go(f"{home(people.valbruche)}{group}factures/deposer/")
    referent.look("pooling-invoice-deposit")
    sent(page, {"file": bill_pdf(story.bill("2027-EJ-14", people.valbruche, DELIVERED))}, "Lire la facture")
    expect(page.locator("main")).to_contain_text("Rien ne diffère")
    referent.look("pooling-invoice")
    press(page, "Rapprocher de la commande BC-2027-0001")
    follow(page, "Noter le paiement")
    referent.look("pooling-order-payment")
    sent(page, {"paid_on": DELIVERED, "reference": "Mandat 214"}, "Noter le paiement")
    expect(page.locator("main")).to_contain_text("Elle est payée et soldée.")
    referent.look()
