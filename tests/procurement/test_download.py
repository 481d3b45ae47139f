"""The documents leave for anyone, each time after a line of the register."""

import csv
import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from parvis.audit import facade as audit
from parvis.authorities.models import Authority
from parvis.kit import scope
from parvis.procurement.models import Consultation, Download, ProcurementDocument
from parvis.procurement.web.public import consultation as views
from tests.procurement.draft_world import published
from tests.world import a_company, a_person, an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Authority:
    return an_authority()


@pytest.fixture
def made(house: Authority) -> Consultation:
    return published(house, an_agent(house, "buyer").id)


def addresses(house: Authority, made: Consultation) -> tuple[str, str]:
    """Of the first document, and of the ZIP."""
    with scope.authority(house.id):
        first = ProcurementDocument.objects.filter(consultation=made).order_by("position").first()
    assert first is not None
    where = [house.slug, made.id]
    return reverse("document", args=[*where, first.id]), reverse("documents_zip", args=where)


def lines(house: Authority) -> list[Download]:
    with scope.authority(house.id):
        return list(Download.objects.order_by("at"))


def test_anyone_downloads_a_document_and_leaves_a_line(house: Authority, made: Consultation) -> None:
    url, _zip = addresses(house, made)
    page = Client().get(reverse("consultation", args=[house.slug, made.id])).content.decode()
    answer = Client().get(url)
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) == len(body)
    assert "attachment" in answer["Content-Disposition"]
    assert hashlib.sha256(body).hexdigest() in page, "the printed fingerprint is that of the bytes"
    (line,) = lines(house)
    assert (line.what, line.documents_version) == ("Règlement de la consultation.pdf", made.documents_version)
    assert (line.person_id, line.company_id, line.email) == (None, None, "")
    with scope.authority(house.id):
        (fact,) = audit.facts([made.id], ["documents.downloaded"])
    assert fact.data["download"] == str(line.id)
    assert fact.at == line.at


def test_all_documents_come_as_one_zip(house: Authority, made: Consultation) -> None:
    _url, whole = addresses(house, made)
    answer = Client().get(whole)
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert int(answer["Content-Length"]) == len(body)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert names == [f"{made.reference}/Règlement de la consultation.pdf", f"{made.reference}/Cahier des charges.pdf"]
    assert [line.what for line in lines(house)] == ["documents.zip"]


def test_looking_without_taking_leaves_no_line(house: Authority, made: Consultation) -> None:
    for url in addresses(house, made):
        answer = Client().head(url)
        assert answer.status_code == 200
        assert int(answer["Content-Length"]) > 0
    assert lines(house) == []


def test_who_signed_in_for_a_company_or_left_an_address_is_in_the_line(house: Authority, made: Consultation) -> None:
    url, _zip = addresses(house, made)
    person = a_person("Camille Essai")
    company = a_company(people=(person,))
    signed_in(person, company=company).get(url)
    visitor = Client()
    visitor.post(reverse("watch", args=[house.slug, made.id]), {"email": "atelier@exemple.test"})
    visitor.get(url)
    first, second = lines(house)
    assert (first.person_id, first.company_id, first.email) == (person.id, company.id, "")
    assert (second.person_id, second.email) == (None, "atelier@exemple.test")


def test_no_register_line_no_file(house: Authority, made: Consultation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_fields: Any) -> None:
        raise DatabaseError("the register does not answer")

    monkeypatch.setattr(views, "record_download", broken)
    for url in addresses(house, made):
        answer = Client(raise_request_exception=False).get(url)
        assert answer.status_code == 500
        assert not answer.streaming
        assert b"%PDF" not in answer.content
    assert lines(house) == []


@pytest.mark.django_db(transaction=True)
def test_the_line_is_committed_before_the_first_byte(house: Authority, made: Consultation) -> None:
    for url in addresses(house, made):
        before = len(lines(house))
        answer = Client().get(url)
        assert answer.streaming
        assert len(lines(house)) == before + 1, "before anything of the body was read"
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_register_is_read_by_agents_alone_and_exported(house: Authority, made: Consultation) -> None:
    url, whole = addresses(house, made)
    Client().get(url)
    visitor = Client()
    visitor.post(reverse("watch", args=[house.slug, made.id]), {"email": "=cmd@exemple.test"})
    visitor.get(whole)
    where = [house.slug, made.id]
    agent = signed_in(an_agent(house, "administrator"), house, "administrator")
    shown = agent.get(reverse("download_register", args=where)).content.decode()
    assert "2 téléchargements" in shown
    assert "anonyme" in shown
    assert "Tous les documents (ZIP)" in shown
    export = agent.get(reverse("download_register_csv", args=where))
    rows = list(csv.reader(io.StringIO(export.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 3
    assert rows[1][1] == "Règlement de la consultation.pdf"
    assert rows[2][5] == "'=cmd@exemple.test", "no cell is a formula"
    pdf = agent.get(reverse("download_register_pdf", args=where))
    assert pdf.content.startswith(b"%PDF-")
    member = signed_in(an_agent(house, "board_member", "Lou Membre"), house, "board_member")
    other = an_authority("autre-commune")
    stranger = signed_in(an_agent(other, "buyer", "Alex Ailleurs"), other, "buyer")
    for name in ("download_register", "download_register_csv", "download_register_pdf"):
        page = reverse(name, args=where)
        assert Client().get(page).status_code == 302
        assert member.get(page).status_code == 403
        assert stranger.get(page).status_code == 403


def test_the_register_cannot_be_rewritten(house: Authority, made: Consultation) -> None:
    Client().get(addresses(house, made)[0])
    for change in ("update", "delete"):
        with pytest.raises(DatabaseError), scope.authority(house.id):  # noqa: PT012
            rows = Download.objects.all()
            rows.update(what="autre") if change == "update" else rows.delete()
