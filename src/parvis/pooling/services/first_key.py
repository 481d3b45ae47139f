from datetime import date
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal
from parvis.pooling.models import CostKey
from parvis.pooling.rules.key_terms import KeyTerms
from parvis.pooling.selectors.reach import group_in_reach, require_coordinator
from parvis.pooling.services.held import require_alive
from parvis.pooling.services.new_key_version import new_key_version

CODE_LENGTH = 20


def first_key(group_id: UUID, terms: KeyTerms, *, in_force_on: date, actor_id: UUID | None = None) -> CostKey:
    """A key that the group did not have: nobody pays by it yet, so no committee needs to decide it. Whatever changes it
    afterwards is a committee's decision.

    Raises Http404, Refusal: not_coordinator, ended, no_name, taken, and those of new_key_version.
    """
    group = group_in_reach(group_id)
    require_coordinator(group)
    require_alive(group)
    name = terms.name.strip()
    if not name:
        raise Refusal("no_name", _("Donnez un nom à cette clé\u202f: chaque relevé le dira."), "name")
    known = list(CostKey.objects.filter(group=group).order_by("code", "-version"))
    if any(row.name.casefold() == name.casefold() for row in known):
        message = _("Une clé du groupement porte déjà ce nom. Le comité de pilotage en décide la version suivante.")
        raise Refusal("taken", message, "name")
    code = _free_code(name, {row.code for row in known})
    return new_key_version(group_id, code, terms, in_force_on=in_force_on, actor_id=actor_id)


def _free_code(name: str, taken: set[str]) -> str:
    base = slugify(name)[: CODE_LENGTH - 3].strip("-") or "cle"
    number, code = 1, base
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code
