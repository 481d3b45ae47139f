"""Every address stands in the table, and answers each visitor as the table says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests.site import url_world
from tests.site.url_rows import COLUMNS
from tests.site.url_table import AFTER_THE_DEADLINE, DEMO_PAGES, TABLE, WITHOUT_CSRF, WITHOUT_GATE
from tests.site.url_world import HERE, THERE, World, address, answer, patterns
from tests.world import a_company, a_person, an_agent, signed_in


@pytest.fixture(autouse=True)
def _own_folder() -> None:
    """One folder for the module: the world's files outlive a test."""


def status(client: Client, method: str, url: str) -> int:
    return int(answer(client, method, url).status_code)


def test_every_address_is_in_the_table() -> None:
    names = [p.name for p in patterns()]
    assert [str(p.pattern) for p in patterns() if not p.name] == []
    assert sorted(set(names) - set(TABLE), key=str) == [], "an address without a row"
    assert sorted(set(TABLE) - set(names)) == [], "a row without an address"
    assert len(names) == len(set(names)), "two addresses have one name"


def test_every_row_has_every_column() -> None:
    assert {name: len(row.statuses) for name, row in TABLE.items() if len(row.statuses) != len(COLUMNS)} == {}


@pytest.mark.parametrize("name", TABLE)
def test_each_visitor_gets_the_status_of_the_table(name: str, world: World) -> None:
    row = TABLE[name]
    url = address(name, row.where, world)
    got = {who: status(world.clients[who], row.method, url) for who in COLUMNS}
    assert got == dict(zip(COLUMNS, row.statuses, strict=True))


@pytest.mark.parametrize("name", [n for n, r in TABLE.items() if r.method == "get" and 403 in r.statuses])
def test_a_closed_page_is_closed_to_posts(name: str, world: World) -> None:
    row = TABLE[name]
    url = address(name, row.where, world)
    closed = [
        who for who, expected in zip(COLUMNS, row.statuses, strict=True) if expected in {401, 403} or who == "anonymous"
    ]
    answers = {who: status(world.clients[who], "post", url) for who in closed}
    assert {who: code for who, code in answers.items() if code not in {401, 403, 405}} == {}


OWNED = [n for n, r in TABLE.items() if "authority" in r.where and len(r.where) > 1 and n not in {"edit_consultation"}]


@pytest.mark.parametrize("name", [*OWNED, "edit_consultation"])
def test_no_one_reaches_another_authority_s_files(name: str, world: World) -> None:
    """Under the neighbour's own address and every role there, the ids of here lead nowhere."""
    row = TABLE[name]
    url = address(name, row.where, world, authority=THERE)
    with transaction.atomic():
        there = url_world.Authority.objects.get(slug=THERE)
        roles = (
            "administrator", "buyer", "board_chair", "board_member", "observer", "desk_agent", "desk_manager",
            "coordinator", "referent", "finance_agent",
        )  # fmt: skip
        visitors = {role: signed_in(an_agent(there, role, f"Autre {role}"), there, role) for role in roles}
        visitors["company"] = world.clients["company"]
        visitors["anonymous"] = world.clients["anonymous"]
        got = {who: status(client, row.method, url) for who, client in visitors.items()}
        transaction.set_rollback(True)
    assert {who: code for who, code in got.items() if code < 300 or code >= 500} == {}
    assert 404 in got.values() or row.method != "get", "nobody got as far as the file: the test would prove nothing"


@pytest.mark.parametrize("name", [n for n, r in TABLE.items() if "submission" in r.where or "upload" in r.where])
def test_no_company_reaches_another_s_submission(name: str, world: World) -> None:
    row = TABLE[name]
    with transaction.atomic():
        rival = a_person("Rita Rivale")
        company = a_company("Couvreurs Rivaux", "55208131766522", people=(rival,))
        code = status(signed_in(rival, company=company), row.method, address(name, row.where, world))
        transaction.set_rollback(True)
    assert code in {404, 412}


@pytest.mark.parametrize("name", AFTER_THE_DEADLINE)
def test_nothing_is_handed_out_before_the_deadline(name: str, world: World) -> None:
    """To nobody of the board, though the deposit is there; the same address answers after another's deadline."""
    where = {"authority": HERE, "consultation": "@current", **AFTER_THE_DEADLINE[name]}
    early = {
        who: status(world.clients[who], "get", address(name, where, world)) for who in ("buyer", "chair", "member")
    }
    assert set(early.values()) <= {403, 404}
    assert early["chair"] == 404
    assert 200 in TABLE[name].statuses


def test_every_address_of_an_authority_has_a_gate() -> None:
    """The gate fetches the authority, checks who comes in and opens the scope: no view does it by hand."""
    bare = {p.name for p in patterns() if not getattr(p.callback, "gate", "")}
    assert bare - set(WITHOUT_GATE) == set()
    assert [p.name for p in patterns() if "authority" in p.pattern.converters and p.name in bare] == []


def test_the_table_follows_the_gates() -> None:
    """A page that only some may see is closed to someone in the table; a public one to nobody."""
    for pattern in patterns():
        gate, row = getattr(pattern.callback, "gate", ""), TABLE[str(pattern.name)]
        if gate == "public":
            assert len(set(row.statuses)) == 1, pattern.name
        elif gate:
            assert 403 in row.statuses, pattern.name
            assert row.statuses[0] in {302, 401}, pattern.name
            assert row.statuses[COLUMNS.index("one_factor")] == 403, pattern.name


def test_no_address_takes_a_post_from_another_site() -> None:
    """Exempt are only those that no browser's session reaches."""
    exempt = {p.name for p in patterns() if getattr(p.callback, "csrf_exempt", False)}
    assert exempt - set(WITHOUT_CSRF) == set()
    assert set(WITHOUT_CSRF) - exempt == set()


def test_no_demo_page_in_production() -> None:
    code = (
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, reverse\n"
        f"for name, where in {[(n, r.where) for n, r in DEMO_PAGES.items()]!r}:\n"
        "    try: print(reverse(name, kwargs=where))\n"
        "    except NoReverseMatch: pass\n"
        "print(reverse('home'))\n"
    )
    environment = {
        "PATH": os.defpath, "PYTHONPATH": str(Path(url_world.__file__).parents[2] / "src"), "PARVIS_ENV": "production",
        "PARVIS_SECRET_KEY": "x" * 50, "PARVIS_DATABASE_URL": "postgresql:///nowhere",
        "DJANGO_SETTINGS_MODULE": "parvis.site.settings",
    }  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == ["/"]


def test_addresses_are_french_and_plain() -> None:
    """No capital, no accent, no underscore; files end like files, pages with a slash (allauth's keys apart)."""
    wrong = []
    for pattern in get_resolver().reverse_dict.lists():
        for possibilities in pattern[1]:
            for template, _ in possibilities[0]:
                plain = template.replace("%(", "(")
                words = "".join(part.split(")s", 1)[-1] for part in plain.split("("))
                if any(c.isupper() or c == "_" or ord(c) > 127 for c in words):
                    wrong.append(template)
    # The national network's own words, kept to the letter.
    wrong = [one for one in wrong if not one.startswith("api/ants/")]
    assert wrong == []
    assert reverse("consultations", args=[HERE]).startswith(f"/{HERE}/")
