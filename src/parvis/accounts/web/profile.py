"""« Mon compte »: who I am, how I sign in, for whom I act."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts.models import Person
from parvis.accounts.selectors import companies_of, factors_of, invitations_for, requested_companies
from parvis.accounts.services.sign_out_everywhere import sign_out_everywhere as end_sessions


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Person
        fields = ("full_name", "phone")
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        help_texts = {"phone": gettext_lazy("Pour que votre interlocuteur puisse vous appeler.")}


@login_required
@require_http_methods(["GET"])
def my_account(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    factors = factors_of(person.pk)
    context = {
        "me": person,
        "totp": [f for f in factors if f.kind == "totp"],
        "passkeys": [f for f in factors if f.kind == "webauthn"],
        "codes": [f for f in factors if f.kind == "recovery_codes"],
        "mine": companies_of(person.pk),
        "waiting": requested_companies(person.pk),
        "invitations": invitations_for(person.pk),
    }
    return render(request, "accounts/my_account.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit_profile(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    form = ProfileForm(request.POST or None, instance=Person.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Vos informations sont à jour."))
        return HttpResponseRedirect(reverse("my_account"))
    return render(request, "accounts/edit_profile.html", {"form": form})


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Everywhere else: this session stays, under a new key."""
    person: Any = request.user
    request.session.cycle_key()
    ended = end_sessions(person.pk, but=request.session.session_key)
    text = ngettext("%(n)d autre session est fermée.", "%(n)d autres sessions sont fermées.", ended)
    messages.success(request, text % {"n": ended} if ended else _("Aucune autre session n’était ouverte."))
    return HttpResponseRedirect(reverse("my_account"))
