"""Companies of a person: choose one, add one by its SIRET, manage its people."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from parvis.accounts import mail
from parvis.accounts.contracts import COMPANY_KEY, CompanyView
from parvis.accounts.selectors import (
    companies,
    companies_of,
    invitations_for,
    invitations_of,
    managers_of,
    members_of,
    people,
    requested_companies,
)
from parvis.accounts.services.accept_invitation import accept_invitation
from parvis.accounts.services.answer_request import answer_request
from parvis.accounts.services.invite_member import invite_member, withdraw_invitation
from parvis.accounts.services.leave_company import leave_company, make_manager
from parvis.accounts.services.register_company import register_company
from parvis.kit.errors import Refusal


class CompanyForm(forms.Form):
    siret = forms.CharField(
        label=gettext_lazy("Numéro SIRET"),
        max_length=40,
        help_text=gettext_lazy("14 chiffres, avec ou sans espaces."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Nom de l’entreprise"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Adresse"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique de la personne"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


def act_for(request: HttpRequest, company_id: UUID) -> None:
    """From now on the person acts for this company. The session's key changes with the powers it gives."""
    request.session.cycle_key()
    request.session[COMPANY_KEY] = str(company_id)


def person_of(request: HttpRequest) -> UUID:
    """The signed-in person; `login_required` came before."""
    return UUID(str(request.user.pk))


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else ""


@login_required
@require_http_methods(["GET", "POST"])
def choose_company(request: HttpRequest) -> HttpResponse:
    person_id = person_of(request)
    form = CompanyForm(request.POST if request.POST.get("do") == "add" else None)
    if request.method == "POST":
        try:
            done = _choice(request, person_id, form)
        except Refusal as refusal:
            if not form.is_bound:
                messages.error(request, refusal.message)
            elif refusal.field not in form.errors:
                form.add_error(refusal.field, refusal.message)
        else:
            if done:
                return HttpResponseRedirect(done)
    context = {
        "form": form,
        "mine": companies_of(person_id),
        "chosen": request.session.get(COMPANY_KEY, ""),
        "waiting": requested_companies(person_id),
        "invitations": invitations_for(person_id),
        "next": _next(request),
    }
    return render(request, "accounts/choose_company.html", context)


def _choice(request: HttpRequest, person_id: UUID, form: CompanyForm) -> str | None:
    """Where to go next, None to show the page again. Raises Refusal."""
    onward = _next(request) or reverse("my_account")
    if form.is_bound:
        return _add(request, person_id, form)
    if request.POST.get("do") == "join":
        act_for(request, accept_invitation(person_id, _uuid(request.POST.get("invitation", ""))))
        return onward
    wanted = next((c for c in companies_of(person_id) if str(c.id) == request.POST.get("company")), None)
    if wanted is None:
        raise Refusal("not_member", _("Vous n’êtes pas rattaché à cette entreprise. Choisissez-en une de la liste."))
    act_for(request, wanted.id)
    return onward


def _add(request: HttpRequest, person_id: UUID, form: CompanyForm) -> str | None:
    if not form.is_valid():
        return None
    data = form.cleaned_data
    done = register_company(person_id, data["siret"], data["name"], data["address"])
    company = companies([done.company_id])[done.company_id]
    if done.accepted:
        act_for(request, done.company_id)
        messages.success(request, _("Vous agissez maintenant pour %(name)s.") % {"name": company.name})
        return _next(request) or reverse("company", args=[done.company_id])
    asked = people([person_id])[person_id]
    mail.send(
        "accounts/mail/company_request",
        [m.email for m in managers_of(company.id)],
        _("%(name)s demande à rejoindre %(company)s") % {"name": asked.full_name, "company": company.name},
        person=asked,
        company=company,
        link=request.build_absolute_uri(reverse("company", args=[company.id])),
    )
    text = _("Votre demande est partie\u202f: un gestionnaire de %(name)s y répondra, et vous recevrez un courriel.")
    messages.success(request, text % {"name": company.name})
    return reverse("choose_company")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal("unknown", _("Ce choix n’existe plus. Rechargez la page et recommencez.")) from error


@login_required
@require_http_methods(["GET", "POST"])
def company(request: HttpRequest, company: UUID) -> HttpResponse:
    """One company's people, for those who are in it; changes, for its managers."""
    person_id = person_of(request)
    found = next((c for c in companies_of(person_id) if c.id == company), None)
    if found is None:
        raise Http404(_("Vous n’êtes pas rattaché à cette entreprise."))
    form = InvitationForm(request.POST if request.POST.get("do") == "invite" else None)
    if request.method == "POST":
        try:
            done = _verb(request, person_id, found, form)
        except Refusal as refusal:
            if form.is_bound:
                form.add_error(refusal.field, refusal.message)
            else:
                messages.error(request, refusal.message)
        else:
            if done:
                return HttpResponseRedirect(done)
    members = members_of(company)
    context = {
        "company": found,
        "members": members,
        "invitations": invitations_of(company),
        "i_manage": any(m.person_id == person_id and m.manages for m in members),
        "me": person_id,
        "form": form,
    }
    return render(request, "accounts/company.html", context)


def _verb(request: HttpRequest, person_id: UUID, found: CompanyView, form: InvitationForm) -> str | None:
    """Run what the form asks; where to go next, None to show the page again. Raises Refusal."""
    page = reverse("company", args=[found.id])
    verb = request.POST.get("do", "")
    if form.is_bound:
        return _invite(request, person_id, found, form)
    if verb == "leave":
        leave_company(person_id, found.id)
        if request.session.get(COMPANY_KEY) == str(found.id):
            request.session.cycle_key()
            del request.session[COMPANY_KEY]
        messages.success(request, _("Vous n’agissez plus pour %(name)s.") % {"name": found.name})
        return reverse("choose_company")
    target = _uuid(request.POST.get("target", ""))
    verbs: dict[str, Callable[[], object]] = {
        "accept": lambda: _answer(request, person_id, found, target, accept=True),
        "refuse": lambda: _answer(request, person_id, found, target, accept=False),
        "promote": lambda: make_manager(person_id, target),
        "withdraw": lambda: withdraw_invitation(person_id, target),
    }
    if verb not in verbs:
        raise Refusal("unknown", _("Ce choix n’existe plus. Rechargez la page et recommencez."))
    verbs[verb]()
    return page


def _answer(request: HttpRequest, person_id: UUID, found: CompanyView, member_id: UUID, accept: bool) -> None:
    asked = people([answer_request(person_id, member_id, accept)])
    for person in asked.values():
        said = _("%(company)s vous a accepté") if accept else _("%(company)s n’a pas accepté votre demande")
        mail.send(
            "accounts/mail/company_answer",
            [person.email],
            said % {"company": found.name},
            company=found,
            accepted=accept,
            link=request.build_absolute_uri(reverse("choose_company")),
        )


def _invite(request: HttpRequest, person_id: UUID, found: CompanyView, form: InvitationForm) -> str | None:
    if not form.is_valid():
        return None
    email = form.cleaned_data["email"].lower()
    invite_member(person_id, found.id, email)
    mail.send(
        "accounts/mail/company_invitation",
        [email],
        _("%(company)s vous invite sur Parvis") % {"company": found.name},
        company=found,
        inviter=people([person_id])[person_id],
        link=request.build_absolute_uri(reverse("choose_company")),
        sign_up=request.build_absolute_uri(f"{reverse('account_signup')}?next={reverse('choose_company')}"),
    )
    messages.success(request, _("L’invitation est partie à %(email)s.") % {"email": email})
    return reverse("company", args=[found.id])
