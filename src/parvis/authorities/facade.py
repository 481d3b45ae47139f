"""The door of the authorities room: who the authorities are, who acts for them, and the gates of the web."""

from parvis.authorities.access import access_notice, require_procurement
from parvis.authorities.actor import Actor, actor_of
from parvis.authorities.contracts import AccessNotice, AuthorityView, Hat
from parvis.authorities.gates import (
    ParvisRequest,
    authority_page,
    authority_stream,
    company_page,
    company_stream,
    desk_page,
    operator_page,
    platform_page,
    refusal_response,
    sign_in_first,
)
from parvis.authorities.rules import Role
from parvis.authorities.selectors import (
    agglomeration,
    authorities,
    authority,
    authority_by_host,
    authority_by_slug,
    hats_of,
    look_marks,
    people_with,
)
from parvis.authorities.services.give_seat import give_seat
from parvis.authorities.services.set_procurement_access import set_procurement_access

__all__ = [
    "AccessNotice",
    "Actor",
    "AuthorityView",
    "Hat",
    "ParvisRequest",
    "Role",
    "access_notice",
    "actor_of",
    "agglomeration",
    "authorities",
    "authority",
    "authority_by_host",
    "authority_by_slug",
    "authority_page",
    "authority_stream",
    "company_page",
    "company_stream",
    "desk_page",
    "give_seat",
    "hats_of",
    "look_marks",
    "operator_page",
    "people_with",
    "platform_page",
    "refusal_response",
    "require_procurement",
    "set_procurement_access",
    "sign_in_first",
]
