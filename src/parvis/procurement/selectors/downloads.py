"""The download register as the agents read it, with the names of those who gave them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parvis.accounts.facade import companies, people
from parvis.procurement.models import Consultation, Download
from parvis.procurement.models.registers import WHOLE


@dataclass(frozen=True, slots=True)
class DownloadLine:
    """Empty texts: the visitor did not say. `version`: SHA-256 (hex) of the set of documents then."""

    at: datetime
    what: str
    company: str
    siret: str
    person: str
    email: str
    version: str

    @property
    def who(self) -> str:
        """All that is known of the visitor, "" when nothing is."""
        company = f"{self.company} (SIRET {self.siret})" if self.company else ""
        return " · ".join(word for word in (company or self.person, self.email) if word)


def downloads(consultation: Consultation) -> QuerySet[Download]:
    """Every line, from the first to the last."""
    return Download.objects.filter(consultation=consultation).order_by("at", "id")


def download_lines(rows: Iterable[Download]) -> list[DownloadLine]:
    found = list(rows)
    firms = companies({row.company_id for row in found if row.company_id})
    names = people({row.person_id for row in found if row.person_id})
    lines = []
    for row in found:
        firm = firms.get(row.company_id) if row.company_id else None
        person = names.get(row.person_id) if row.person_id else None
        lines.append(
            DownloadLine(
                at=row.at,
                what=_("Tous les documents (ZIP)") if row.what == WHOLE else row.what,
                company=firm.name if firm else "",
                siret=firm.siret if firm else "",
                person=person.full_name if person else "",
                email=row.email,
                version=row.documents_version,
            )
        )
    return lines
