from parvis.accounts.models.attempt import AttemptCount, CachedValue
from parvis.accounts.models.company import Company, CompanyMember
from parvis.accounts.models.invitation import CompanyInvitation
from parvis.accounts.models.person import Person

__all__ = ["AttemptCount", "CachedValue", "Company", "CompanyInvitation", "CompanyMember", "Person"]
