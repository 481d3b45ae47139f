"""The door of the accounts room: people and companies, the same for every authority."""

from parvis.accounts.contracts import CompanyView, PersonView
from parvis.accounts.selectors import companies, companies_of, emails_of_company, people, person_by_email

__all__ = ["CompanyView", "PersonView", "companies", "companies_of", "emails_of_company", "people", "person_by_email"]
