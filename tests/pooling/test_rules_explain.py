"""« Pourquoi ce montant ? » in full sentences, checked word for word where people will read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from parvis.pooling.rules import Book, Cost, Presence, Service, Use, credit, explain, split
from tests.pooling.books import ACQUISITION, BASE, ILLZACH, LUTTERBACH, M2A, MULHOUSE, RIEDISHEIM, the_book, with_key

APRIL = date(2026, 4, 1)


def plain(text: str) -> str:
    """The sentence with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def said(book: Book, cost: Cost, siren: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in explain(book, split(book, cost), siren):
        found.setdefault(line.code, []).append(plain(str(line)))
    return found


def named() -> Book:
    book = the_book()
    services = tuple(replace(one, name="Demande d’acte") if one.code == "s01" else one for one in book.services)
    return replace(book, services=services)


def test_the_whole_of_an_explanation() -> None:
    assert [plain(line.text) for line in explain(the_book(), split(the_book(), BASE), ILLZACH)] == [
        "Socle 2026 : 38 750,00 € HT, du 1er janvier au 31 décembre 2026.",
        "Clé « Téléservices et population », version 1, en vigueur depuis le 1er janvier 2026 : la dépense se partage "
        "entre les membres qui proposent au moins un téléservice, 50 % selon leur nombre de téléservices et 50 % selon "
        "leur population.",
        "Les habitants comptés sont ceux de la population totale 2022. Celle de l’agglomération, m2A, compte en "
        "entier.",
        "Illzach propose 9 téléservices sur les 66 des 6 membres qui participent : 9/66 = 3/22, soit 13,6363… %.",
        "Illzach compte pour 15 362 habitants sur les 431 006 des 6 membres qui participent : 15 362/431 006 = "
        "7 681/215 503, soit 3,5642… %.",
        "Part : 1/2 × 9/66 + 1/2 × 15 362/431 006 = 815 491/9 482 132, soit 8,6002… %.",
        "Montant HT : 38 750,00 € × 815 491/9 482 132 = 3 332,6129… €. Chaque part est coupée au centime : ici "
        "3 332,61 €. Il manque alors 3 centimes au total, qui vont un à un aux plus grands restes : Illzach n’en "
        "reçoit pas. Montant retenu : 3 332,61 €.",
        "TVA de la facture à 20 % : 7 750,00 €, partagée comme le montant HT. Montant de la TVA : 7 750,00 € × "
        "815 491/9 482 132 = 666,5225… €. Chaque part est coupée au centime : ici 666,52 €. Il manque alors 2 centimes "
        "au total, qui vont un à un aux plus grands restes : Illzach n’en reçoit pas. Montant retenu : 666,52 €.",
        "À payer par Illzach : 3 332,61 € HT + 666,52 € de TVA = 3 999,13 € TTC.",
    ]


def test_spaces_are_french() -> None:
    text = explain(the_book(), split(the_book(), BASE), ILLZACH)[0].text
    assert text == ("Socle 2026\u202f: 38\u00a0750,00\u00a0€ HT, du 1er janvier au 31 décembre 2026.")


def test_a_spare_cent_is_told() -> None:
    [text] = said(the_book(), BASE, M2A)["vat"]
    assert "= 3 193,3666… €. Chaque part est coupée au centime : ici 3 193,36 €." in text
    assert "m2A en reçoit un. Montant retenu : 3 193,37 €." in text
    [text] = said(the_book(), ACQUISITION, ILLZACH)["ht"]
    assert "Il manque alors 1 centime au total, qui va au plus grand reste : Illzach ne le reçoit pas" in text


def test_a_tie_is_told() -> None:
    """Two users alike share one cent: the larger population is not there to judge, the lower siren is."""
    book = with_key(the_book(), weight=Fraction(1))
    uses = tuple(Use(code, siren, APRIL.replace(month=1)) for siren in (ILLZACH, RIEDISHEIM) for code in ("s01",))
    book = replace(book, uses=uses)
    cost = replace(BASE, ht_cents=1, vat_cents=0)
    tie = "(à restes égaux, la plus grande population passe d’abord, puis le plus petit numéro SIREN)"
    assert f"Illzach le reçoit {tie}." in said(book, cost, ILLZACH)["ht"][0]
    assert f"Riedisheim ne le reçoit pas {tie}." in said(book, cost, RIEDISHEIM)["ht"][0]
    assert said(book, cost, ILLZACH)["vat"] == ["Aucune TVA."]


def test_slices_are_told_one_by_one() -> None:
    book = the_book()
    late = tuple(replace(one, from_on=APRIL) if one.siren == ILLZACH else one for one in book.presences)
    found = said(replace(book, presences=late), BASE, ILLZACH)
    assert found["days"] == [
        "Du 1er janvier au 31 mars 2026, 90 jours :",
        "Du 1er avril au 31 décembre 2026, 275 jours :",
        "Sur 365 jours : 90/365 × 0 + 275/365 × 815 491/9 482 132 = 4 077 455/62 926 876, soit 6,4796… %.",
    ]
    assert found["share"][0] == (
        "Illzach ne paie rien : cette collectivité ne fait pas partie du groupement du 1er janvier au 31 mars 2026."
    )
    assert "9/66" in found["count"][0]


def test_days_without_anybody_are_told() -> None:
    book = the_book()
    late = replace(book, presences=tuple(Presence(one.siren, APRIL) for one in book.presences))
    assert said(late, BASE, ILLZACH)["empty"] == [
        "Personne ne participe du 1er janvier au 31 mars 2026 : les autres jours portent toute la dépense."
    ]


@pytest.mark.parametrize(
    ("book", "cost", "siren", "reason"),
    [
        pytest.param(
            named(),
            ACQUISITION,
            RIEDISHEIM,
            "Riedisheim ne paie rien : cette collectivité n’utilise pas « Demande d’acte » du 1er janvier au "
            "31 décembre 2026.",
            id="no user",
        ),
        pytest.param(
            replace(the_book(), uses=tuple(one for one in the_book().uses if one.siren != LUTTERBACH)),
            BASE,
            LUTTERBACH,
            "Lutterbach ne paie rien : aucun téléservice proposé du 1er janvier au 31 décembre 2026, et aucun projet "
            "partagé rejoint.",
            id="no e-service",
        ),
        pytest.param(
            replace(the_book(), presences=tuple(one for one in the_book().presences if one.siren != LUTTERBACH)),
            BASE,
            LUTTERBACH,
            "Lutterbach ne paie rien : cette collectivité ne fait pas partie du groupement du 1er janvier au "
            "31 décembre 2026.",
            id="no member",
        ),
        pytest.param(
            the_book(),
            replace(BASE, key="agglomeration"),
            MULHOUSE,
            "Mulhouse ne paie rien : cette dépense est payée en entier par m2A.",
            id="another pays",
        ),
        pytest.param(
            replace(
                the_book(),
                presences=(*the_book().presences[:-1], Presence(LUTTERBACH, APRIL)),
                uses=(*the_book().uses[:-5], Use("s01", LUTTERBACH, date(2026, 1, 1), APRIL)),
            ),
            BASE,
            LUTTERBACH,
            "Lutterbach ne paie rien : du 1er janvier au 31 décembre 2026, aucun de ses jours dans le groupement n’est "
            "aussi un jour de téléservice.",
            id="never both",
        ),
    ],
)
def test_why_nothing(book: Book, cost: Cost, siren: str, reason: str) -> None:
    assert said(book, cost, siren)["zero"] == [reason]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"weight": Fraction(1)}, "au moins un téléservice, selon leur nombre de téléservices."),
        ({"weight": Fraction(0)}, "au moins un téléservice, selon leur population."),
        (
            {"weight": Fraction(1, 3)},
            "33,3333… % selon leur nombre de téléservices et 66,6666… % selon leur ",
        ),
        ({"formula": "product"}, "selon leur nombre de téléservices multiplié par leur population."),
        ({"formula": "per_service"}, "à parts égales entre les téléservices, puis pour chacun entre ses utilisateurs"),
        ({"formula": "population"}, "au moins un téléservice, selon leur population."),
        ({"formula": "single_payer", "payer": M2A}, "un seul membre paie tout."),
    ],
    ids=["number", "people", "third", "product", "per service", "population", "payer"],
)
def test_each_rule_in_words(changes: dict[str, object], rule: str) -> None:
    assert rule in said(with_key(the_book(), **changes), BASE, M2A)["rule"][0]


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("full", "Celle de l’agglomération, m2A, compte en entier."),
        ("residual", "m2A, compte sans celle des communes qui participent elles-mêmes."),
        ("zero", "m2A, compte pour zéro."),
    ],
)
def test_the_population_of_the_agglomeration_is_told(way: str, words: str) -> None:
    assert words in said(with_key(the_book(), agglomeration=way), BASE, LUTTERBACH)["population"][0]


def test_product_and_service_figures() -> None:
    [text] = said(with_key(the_book(), formula="product"), BASE, ILLZACH)["count"]
    assert text == (
        "Illzach : 9 téléservices × 15 362 habitants = 138 258, sur 6 341 330 pour les 6 membres qui participent."
    )
    lines = said(with_key(named(), formula="per_service"), BASE, LUTTERBACH)
    assert lines["service"][0] == (
        "« Demande d’acte » : 6 853 habitants sur les 128 310 de ses 3 utilisateurs ; 1/25 × 6 853/128 310 = "
        "979/458 250."
    )
    assert len(lines["service"]) == 5
    assert lines["count"] == [
        "Lutterbach propose 5 téléservices sur les 25 des 6 membres qui participent : chacun porte 1/25 de la dépense."
    ]


def test_nobody_has_inhabitants() -> None:
    book = replace(the_book(), uses=(Use("s01", M2A, date(2026, 1, 1)),))
    for formula in ("weighted", "product"):
        [text] = said(with_key(book, agglomeration="zero", formula=formula), BASE, M2A)["people"]
        assert text == "Aucun habitant à compter : seul le nombre de téléservices partage la dépense."
    [text] = said(with_key(book, agglomeration="zero", formula="population"), BASE, M2A)["people"]
    assert text == "Aucun habitant à compter : la dépense se partage à parts égales."


def test_a_direct_order_and_a_credit() -> None:
    book, direct = the_book(), replace(BASE, vat_way="direct")
    assert said(book, direct, ILLZACH)["vat"] == [
        "TVA de la commande d’Illzach : 3 332,61 € × 20 % = 666,522 €, arrondie au centime le plus proche : 666,52 €."
    ]
    mirrored = credit(split(book, direct), "credit", "Avoir sur le socle 2026")
    last = plain(explain(book, mirrored, ILLZACH)[-1].text)
    assert last == "À recevoir par Illzach : 3 332,61 € HT + 666,52 € de TVA = 3 999,13 € TTC."


def test_who_pays_all() -> None:
    found = said(the_book(), replace(BASE, key="agglomeration"), M2A)
    assert found["share"] == ["m2A paie seul cette dépense : sa part est 1."]
    assert found["ht"] == ["m2A paie tout : 38 750,00 € HT."]


def test_an_unknown_member() -> None:
    with pytest.raises(KeyError):
        explain(the_book(), split(the_book(), BASE), "999999999")


def test_a_new_service_is_counted_in_its_slice() -> None:
    book = the_book()
    more = replace(
        book,
        services=(*book.services, Service("x", "X")),
        uses=(*book.uses, Use("x", ILLZACH, APRIL, date(2026, 7, 1))),
    )
    assert [text.split(" sur")[0] for text in said(more, BASE, ILLZACH)["count"]] == [
        "Illzach propose 9 téléservices",
        "Illzach propose 10 téléservices",
        "Illzach propose 9 téléservices",
    ]


def test_a_project_is_told() -> None:
    project = replace(BASE, label="Carte de pêche", users=(ILLZACH, RIEDISHEIM))
    told = said(the_book(), project, ILLZACH)
    assert told["rule"][0].endswith(
        "la dépense se partage entre les membres qui ont rejoint ce projet, 50 % selon leur nombre de téléservices et "
        "50 % selon leur population."
    )
    assert told["rule"][1] == "Le projet compte comme un téléservice de plus pour chacun de ceux qui l’ont rejoint."
    assert told["count"] == [
        "Illzach compte pour 10 téléservices, ce projet compris, sur les 18 des 2 membres qui participent : "
        "10/18 = 5/9, soit 55,5555… %."
    ]
    assert said(the_book(), project, M2A)["zero"] == [
        "m2A ne paie rien : cette collectivité n’a pas rejoint ce projet."
    ]


@pytest.mark.parametrize("formula", ["population", "per_service"])
def test_a_project_by_population_is_told(formula: str) -> None:
    project = replace(BASE, users=(ILLZACH, RIEDISHEIM))
    told = said(with_key(the_book(), formula=formula), project, ILLZACH)
    assert told["rule"][0].endswith("qui ont rejoint ce projet, selon leur population.")
    assert told["people"] == [
        "Illzach compte pour 15 362 habitants sur les 27 798 des 2 membres qui participent : 15 362/27 798 = "
        "7 681/13 899, soit 55,2629… %."
    ]
    assert "count" not in told
