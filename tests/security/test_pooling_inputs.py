"""Pooling under absurd inputs: amounts, days, years, sheets, formulas, lines in titles. Each is told, none breaks."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from parvis.kit import clock, scope
from parvis.kit.ids import new_id
from parvis.kit.money import parse_euros
from parvis.pooling.models import CostItem
from parvis.pooling.rules.populations import Place, read_pasted
from parvis.pooling.rules.schedule import read_schedule
from parvis.pooling.web.forms import day_field
from parvis.pooling.web.groups.forms import last_day_field
from tests.pooling.pooling_world import Circle, a_client, a_cost, a_group, houses, with_eservices
from tests.site.url_pooling import pooling_ids
from tests.site.url_rows import POOLING
from tests.site.url_table_pooling import POOLING_PAGES
from tests.site.url_world import WHOLE
from tests.world import an_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> Circle:
    return a_group(houses(2))


@pytest.mark.parametrize("text", ["1e999999", "1e99999", "sNaN", "NaN", "Infinity", "-", ".", "٣", "1_000", "9" * 30])
def test_an_absurd_amount_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=text[:3].replace(".", r"\.")):
        parse_euros(text)


@pytest.mark.parametrize(("text", "cents"), [("1 250,50", 125050), ("-3", -300), (",5", 50), ("7.", 700)])
def test_an_amount_as_people_type_it_is_one(text: str, cents: int) -> None:
    assert parse_euros(text) == cents


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
@pytest.mark.parametrize("field", [day_field, last_day_field], ids=["day", "last-day"])
def test_a_day_from_which_nothing_can_be_counted_is_refused(field: Callable[[str], Any], day: str) -> None:
    with pytest.raises(Exception, match="année"):
        field("Jour").clean(day)
    assert field("Jour").clean("2027-01-12")


@pytest.mark.parametrize(
    "text",
    ["a;b\rc;d;e;f", "x" * 200_000, '"' + "y" * 200_000, "A;B;base;u;1e999999", "Membre;2022\nA;" + "9" * 5000],
    ids=["bare-return", "huge-cell", "open-quote", "huge-amount", "huge-number"],
)
def test_an_absurd_sheet_is_told_and_stops_nothing(text: str) -> None:
    rows, faults = read_schedule(text)
    assert (rows, bool(faults)) == ([], True)
    counted, problems = read_pasted(text, [Place(new_id(), "A", "1", "2")], "totale")
    assert (counted, bool(problems)) == ((), True)


ABSURD = ("0", "1", "9999", "10000", "99999999999999999999")


@pytest.mark.parametrize("year", ABSURD)
def test_an_absurd_year_breaks_no_page(circle: Circle, year: str) -> None:
    a_cost(circle, "base", 38_750_00, "shared")
    client, at = a_client(circle.member, "coordinator"), {"authority": circle.member.slug, "group": circle.group.id}
    pages = [
        *(
            reverse(name, kwargs={**at, "year": int(year)})
            for name in ("costs_csv", "statements_csv", "statements_zip")
        ),
        reverse("statement_call", kwargs={**at, "year": int(year), "rank": int(year)}),
        reverse("statement_closing", kwargs={**at, "year": int(year)}),
        reverse("member_shares", kwargs={**at, "year": int(year), "member": circle.member.slug}),
        *(f"{reverse(name, kwargs=at)}?annee={year}" for name in ("group_costs", "group_statements", "simulator")),
    ]
    for page in pages:
        for method in ("get", "post"):
            assert getattr(client, method)(page).status_code < 500, page


@pytest.mark.parametrize(
    "answer",
    ["9999-12-31", "9" * 400, "\x00=1;'\"<b>{{"],
    ids=["last-day", "figures", "signs"],
)
def test_no_form_breaks_on_an_absurd_answer(answer: str) -> None:
    """Every field of every form with the same answer: the page says no, or does what it says."""
    whole, here = an_authority("grande", kind="agglomeration"), an_authority()
    ids = pooling_ids(whole, here)
    clients = {one.id: a_client(one, "coordinator") for one in (whole, here)}
    broken: list[object] = []
    asked = 0
    for name, row in POOLING_PAGES.items():
        if row.where.get("authority") != WHOLE and row.statuses == tuple(map(int, POOLING.split())):
            continue
        house = whole if row.where["authority"] == WHOLE else here
        where = {k: ids[v[1:]] if v.startswith("@") else v for k, v in row.where.items()} | {"authority": house.slug}
        url = reverse(name, kwargs=where)
        with transaction.atomic():
            page = clients[house.id].get(url).content.decode()
            fields = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page)) - {"csrfmiddlewaretoken"}
            asked += len(fields)
            posted = dict.fromkeys(fields, answer)
            for sent in (posted, posted | {field: "2026-11-20" for field in fields if field.endswith("_on")}):
                try:
                    broken += [name] if clients[house.id].post(url, sent).status_code >= 500 else []
                except Exception as error:
                    broken.append((name, repr(error)[:200]))
            transaction.set_rollback(True)
    assert broken == []
    assert asked > 100


def test_money_that_no_column_holds_is_refused_and_not_a_failure(circle: Circle) -> None:
    client, house = a_client(circle.member, "coordinator"), circle.member
    page = reverse("cost_new", args=[house.slug, circle.group.id])
    base = {"kind": "base", "label": "Socle", "from_on": "2026-01-01", "last_day": "2026-12-31", "key": "shared"}
    for ht in ("92233720368547758,08", "1e30", "-1", "0"):
        answer = client.post(page, {**base, "ht_cents": ht, "vat_rate": "2000"})
        assert answer.status_code in {200, 422}, ht
    with scope.authority(house.id):
        assert not CostItem.objects.exists()
    assert client.post(page, {**base, "ht_cents": "1 250,50", "vat_rate": "2000"}).status_code == 302


@pytest.mark.parametrize("label", ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(1)"])
def test_no_export_begins_a_cell_as_a_formula(circle: Circle, label: str) -> None:
    with_eservices(circle)
    cost = a_cost(circle, "base", 38_750_00, "shared")
    with scope.authority(circle.coordinator.id):
        CostItem.objects.filter(id=cost.id).update(label=label)
    client, at = a_client(circle.member, "coordinator"), [circle.member.slug, circle.group.id]
    for page in (reverse("costs_csv", args=[*at, 2026]), f"{reverse('simulator_csv', args=at)}?annee=2026"):
        cells = [cell.strip('"') for line in client.get(page).content.decode().splitlines() for cell in line.split(";")]
        assert label not in cells
        assert f"'{label}" in cells


def test_a_title_of_two_lines_is_one_in_a_letter_and_in_a_calendar(circle: Circle) -> None:
    house, day = circle.coordinator, clock.now().astimezone(clock.PARIS).date() + timedelta(days=30)
    client, at = a_client(house, "coordinator"), [house.slug, circle.group.id]
    form = {
        "title": "Comité\r\nBcc: x@exemple.test", "day": day.isoformat(), "hour": "14:00",
        "place": "Mairie\r\nATTENDEE:x", "agenda": "Un point",
    }  # fmt: skip
    page = client.post(reverse("meeting_new", args=at), form)["Location"]
    text = client.get(f"{page}agenda.ics").content
    assert b"BEGIN:VEVENT" in text
    assert b"\r\nBcc:" not in text
    assert b"\r\nATTENDEE" not in text
