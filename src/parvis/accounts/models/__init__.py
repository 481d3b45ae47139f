from parvis.accounts.models.company import Company, CompanyMember
from parvis.accounts.models.person import Person

__all__ = ["Company", "CompanyMember", "Person"]
