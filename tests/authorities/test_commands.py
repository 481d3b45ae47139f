from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client

from parvis.accounts.models import Person
from parvis.authorities.models import Authority
from parvis.authorities.selectors import hats_of
from tests.accounts.helpers import text_of
from tests.world import a_person, an_authority

pytestmark = pytest.mark.django_db
OPEN = (
    "agglo",
    "Agglomération d’Essai",
    "--siret",
    "216 800 722 00011",
    "--department",
    "68",
    "--population",
    "270000",
    "--population-year",
    "2022",
)


def test_an_installation_opens_the_agglomeration_then_names_its_operator() -> None:
    call_command("create_agglomeration", *OPEN, stdout=StringIO())
    out = StringIO()
    call_command("create_operator", "op@exemple.test", "Oli Exploitant", stdout=out)
    person = Person.objects.get(email="op@exemple.test")
    assert [(h.role, h.authority_slug) for h in hats_of(person.id)] == [("operator", "agglo")]
    link = next(line for line in out.getvalue().splitlines() if "/compte/mot-de-passe/nouveau/" in line)
    page = Client().get("/" + link.split("/", 3)[3], follow=True)
    assert "Choisir un mot de passe" in text_of(page)
    again = StringIO()
    call_command("create_operator", "op@exemple.test", "Oli Exploitant", stdout=again)
    assert "/compte/mot-de-passe/nouveau/" in again.getvalue(), "a link lost or too old is given again"
    assert [h.role for h in hats_of(person.id)] == ["operator"]
    EmailAddress.objects.filter(user=person).update(verified=True)
    with pytest.raises(CommandError, match="déjà ce rôle"):
        call_command("create_operator", "op@exemple.test", "Oli Exploitant", stdout=StringIO())


def test_a_known_person_gets_no_link() -> None:
    an_authority("agglo", kind="agglomeration")
    person = a_person()
    out = StringIO()
    call_command("create_operator", person.email, "", stdout=out)
    assert "/compte/" not in out.getvalue()
    person.refresh_from_db()
    assert person.has_usable_password()


def test_no_operator_without_an_agglomeration_and_no_second_one() -> None:
    with pytest.raises(CommandError, match="Aucune agglomération"):
        call_command("create_operator", "op@exemple.test", "Oli Exploitant")
    call_command("create_agglomeration", *OPEN, stdout=StringIO())
    with pytest.raises(CommandError, match="une seule agglomération"):
        call_command("create_agglomeration", "autre", *OPEN[1:3], "130 000 000 00010", *OPEN[4:])
    assert Authority.objects.count() == 1
