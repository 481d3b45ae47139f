"""Alone in its module: allauth builds its own forms on it and would import them in a circle."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Person


class SignUpExtra(forms.Form):
    full_name = forms.CharField(
        label=_("Prénom et nom"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("full_name", "email", "password1")

    def signup(self, request: HttpRequest, user: Person) -> None:
        """allauth wants it; the adapter has already written the name."""
