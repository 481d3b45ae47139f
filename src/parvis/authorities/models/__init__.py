from parvis.authorities.models.authority import Authority
from parvis.authorities.models.circle import CircleSeat
from parvis.authorities.models.role_grant import RoleGrant

__all__ = ["Authority", "CircleSeat", "RoleGrant"]
