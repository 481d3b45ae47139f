"""Who holds which role: one page, for the operator in any authority, for administrators in theirs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.contracts import AuthorityView
from parvis.authorities.gates import desk_page
from parvis.authorities.rules import GIVEN_BY_ADMINISTRATOR, Role
from parvis.authorities.selectors import grants_of
from parvis.authorities.services.end_role import end_role
from parvis.authorities.services.invite_agent import invite_agent
from parvis.authorities.services.tell_administrators import tell_administrators
from parvis.authorities.web.forms import AgentForm
from parvis.kit.errors import Refusal


@require_http_methods(["GET", "POST"])
@desk_page("agents.manage")
def agents(request: Any) -> HttpResponseBase:
    return agents_of(request, request.authority, GIVEN_BY_ADMINISTRATOR, as_operator=False)


def agents_of(request: Any, authority: AuthorityView, roles: Iterable[Role], *, as_operator: bool) -> HttpResponse:
    """List, and after a POST the verb it asks. The caller is the gate."""
    roles = tuple(roles)
    adding = request.POST.get("do") == "grant"
    form = AgentForm(roles, request.POST if adding else None)
    if request.method == "POST":
        try:
            if _verb(request, authority, form, roles, as_operator):
                return HttpResponseRedirect(request.path)
        except Refusal as refusal:
            if adding:
                form.add_error(refusal.field, refusal.message)
            else:
                messages.error(request, refusal.message)
    grants = grants_of(authority.id)
    context = {
        "authority": authority,
        "current": [g for g in grants if g.state != "past"],
        "past": [g for g in grants if g.state == "past"],
        "manageable": {role.value for role in roles},
        "form": form,
        "as_operator": as_operator,
    }
    template = "authorities/operator_agents.html" if as_operator else "authorities/agents.html"
    return render(request, template, context)


def _verb(request: Any, authority: AuthorityView, form: AgentForm, roles: tuple[Role, ...], as_operator: bool) -> bool:
    """Whether something was done. Raises Refusal."""
    actor_id: UUID = request.actor.person_id
    if form.is_bound:
        if not form.is_valid():
            return False
        data = form.cleaned_data
        invite_agent(
            actor_id,
            authority,
            data["email"],
            data["full_name"],
            Role(data["role"]),
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
        )
        if as_operator:
            tell_administrators(authority, data["email"], Role(data["role"]))
        messages.success(
            request, _("Le rôle est donné, et un courriel est parti à %(email)s.") % {"email": data["email"]}
        )
        return True
    grant = next((g for g in grants_of(authority.id) if str(g.id) == request.POST.get("grant")), None)
    if grant is None or Role(grant.role) not in roles:
        raise Refusal("no_such_grant", _("Ce rôle n’existe plus. Rechargez la page."))
    end_role(actor_id, authority.id, grant.id, may_leave_without=as_operator)
    messages.success(request, _("%(name)s n’a plus ce rôle.") % {"name": grant.full_name})
    return True
