"""The door of the accounts room: people and companies, the same for every authority."""

from parvis.accounts.contracts import COMPANY_KEY, CompanyView, PersonView
from parvis.accounts.mail import send as send_letter
from parvis.accounts.selectors import (
    companies,
    companies_of,
    emails_of_company,
    everyone,
    has_verified_address,
    people,
    person_by_email,
)
from parvis.accounts.services.create_person import create_person
from parvis.accounts.services.lock_password import lock_password
from parvis.accounts.services.one_time_code import current_codes, give_totp, seconds_left
from parvis.accounts.services.register_company import read_siret, register_company
from parvis.accounts.services.set_password_link import set_password_link
from parvis.accounts.services.slow_down import slow_down
from parvis.accounts.services.throttle import Limit

__all__ = [
    "COMPANY_KEY",
    "CompanyView",
    "Limit",
    "PersonView",
    "companies",
    "companies_of",
    "create_person",
    "current_codes",
    "emails_of_company",
    "everyone",
    "give_totp",
    "has_verified_address",
    "lock_password",
    "people",
    "person_by_email",
    "read_siret",
    "register_company",
    "seconds_left",
    "send_letter",
    "set_password_link",
    "slow_down",
]
