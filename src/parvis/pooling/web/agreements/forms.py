"""Forms of a sharing agreement. Each title or text emptied is left out; an empty block at the end adds one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis.authorities.facade import AuthorityView
from parvis.pooling.models import PaperKind
from parvis.pooling.rules.agreement_terms import Terms, paragraphs
from parvis.pooling.web.forms import PlainForm, day_field

LIMITS = _("20\u00a0Mo au plus. Un PDF convient le mieux.")


class NewForm(PlainForm):
    commune = forms.ChoiceField(label=_("Avec quelle commune\u202f?"))
    number = forms.CharField(
        label=_("Numéro de la convention"), max_length=30, required=False,
        help_text=_("Laissez vide\u202f: Parvis donne le suivant de l’année."),
    )  # fmt: skip
    starts_on = day_field(
        _("Date d’effet prévue"), required=False,
        help_text=_("Le jour où l’accès de la commune doit s’ouvrir. Elle se confirme à la signature."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, communes: list[AuthorityView], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [("", _("Choisissez"))] + [(one.slug, one.name) for one in communes]
        self.fields["commune"].choices = choices  # type: ignore[attr-defined]


class DraftForm(PlainForm):
    number = forms.CharField(label=_("Numéro de la convention"), max_length=30)
    starts_on = day_field(_("Date d’effet prévue"), required=False, help_text=_("Elle se confirme à la signature."))


class SignForm(PlainForm):
    signed_on = day_field(_("Signée le"), help_text=_("Le jour de la dernière des deux signatures."))
    starts_on = day_field(
        _("En vigueur à partir du"), help_text=_("La date d’effet\u202f: l’accès de la commune s’ouvre ce jour-là.")
    )
    signed_copy = forms.FileField(
        label=_("Copie signée"), required=False, help_text=_("Vous pouvez aussi la joindre plus tard.")
    )


class PaperForm(PlainForm):
    kind = forms.ChoiceField(label=_("Quelle pièce\u202f?"))
    title = forms.CharField(label=_("Intitulé"), max_length=60, required=False)
    dated = day_field(_("Date de la pièce"), required=False)
    file = forms.FileField(label=_("Fichier"))

    def __init__(self, *arguments: Any, kinds: tuple[PaperKind, ...], draft: bool, **options: Any) -> None:
        """`draft`: only deliberations are brought, which have a number and a day."""
        super().__init__(*arguments, **options)
        if draft:
            self.fields["title"].label = _("Numéro de la délibération")
            self.fields["title"].help_text = _("Tel qu’il figure en tête.")
            self.fields["dated"].label = _("Date de la délibération")
            self.fields["title"].required = self.fields["dated"].required = True
        choices = [(kind.value, kind.label) for kind in kinds]
        if len(kinds) > 1:
            choices = [("", _("Choisissez")), *choices]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class AmendForm(PlainForm):
    signed_on = day_field(_("Signé le"), help_text=_("Le jour de la dernière des deux signatures."))
    effective_on = day_field(_("S’applique à partir du"))
    file = forms.FileField(label=_("Avenant signé"))


class SubjectForm(PlainForm):
    subject = forms.CharField(
        label=_("Que change cet avenant\u202f?"), max_length=300,
        help_text=_("En une phrase. Exemple\u202f: «\u202fAjout d’une formation annuelle des agents\u202f»."),
    )  # fmt: skip


class NoticeForm(PlainForm):
    letter = forms.CharField(
        label=_("Numéro du recommandé"), max_length=40, help_text=_("Il figure sur la preuve de dépôt.")
    )
    sent_on = day_field(_("Lettre envoyée le"))
    received_on = day_field(
        _("Lettre reçue le"), help_text=_("Le jour écrit sur l’avis de réception\u202f: le préavis part de là.")
    )
    reason = forms.CharField(
        label=_("Pourquoi la convention prend fin"), max_length=300, required=False, widget=forms.Textarea
    )


class ReasonForm(PlainForm):
    reason = forms.CharField(label=_("Raison"), max_length=300, help_text=_("L’autre partie la lira."))


LINE = 75  # characters of a text on one line of its box, about


class _Block(PlainForm):
    content = "text"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """The box of a text is as high as the text."""
        super().__init__(*arguments, **options)
        text = str(self[self.content].value() or "")
        lines = sum(1 + len(line) // LINE for line in text.splitlines())
        self.fields[self.content].widget.attrs["rows"] = min(max(lines + 1, 4), 30)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("title") and not values.get(self.content):
            raise ValidationError({self.content: _now("Ce titre n’a pas de texte. Écrivez-le, ou effacez le titre.")})
        if values.get(self.content) and not values.get("title"):
            raise ValidationError({"title": _now("Ce texte n’a pas de titre. Écrivez-en un, ou effacez le texte.")})
        return values


class ArticleForm(_Block):
    title = forms.CharField(label=_("Titre de l’article"), max_length=120, required=False)
    text = forms.CharField(label=_("Texte"), max_length=5000, required=False, widget=forms.Textarea)


class AnnexForm(_Block):
    content = "items"
    title = forms.CharField(label=_("Titre de la partie"), max_length=120, required=False)
    items = forms.CharField(label=_("Points, un par ligne"), max_length=5000, required=False, widget=forms.Textarea)


class TermsForms:
    """The articles and the annex of an agreement as two lists of blocks, each with one empty block to add."""

    def __init__(self, data: Any, terms: Terms) -> None:
        articles = formset_factory(ArticleForm, formset=_Blocks, extra=1, max_num=60, absolute_max=60)
        annex = formset_factory(AnnexForm, formset=_Blocks, extra=1, max_num=40, absolute_max=40)
        parts = [{"title": one["title"], "items": "\n".join(one["items"])} for one in terms["annex"]]
        # With data, the blocks are what was sent: beside what is stored, one sent again would look unchanged.
        self.articles: Any = articles(data, initial=terms["articles"] if data is None else None, prefix="articles")
        self.annex: Any = annex(data, initial=parts if data is None else None, prefix="annexe")

    def is_valid(self) -> bool:
        return bool(self.articles.is_valid()) & bool(self.annex.is_valid())

    @property
    def terms(self) -> Terms:
        articles = [
            {"title": one["title"], "text": "\n".join(paragraphs(one["text"]))} for one in self.articles.filled()
        ]
        annex = [{"title": one["title"], "items": list(paragraphs(one["items"]))} for one in self.annex.filled()]
        return {"articles": articles, "annex": annex}


class _Blocks(BaseFormSet[Any]):
    def filled(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("title")]

    def clean(self) -> None:
        if any(self.errors):
            return
        titles = [one["title"] for one in self.filled()]
        double = next((title for title in titles if titles.count(title) > 1), None)
        if double is not None:
            raise ValidationError(
                _now("Deux titres sont les mêmes\u202f: «\u202f%(title)s\u202f». Changez l’un des deux.")
                % {"title": double}
            )
        if not titles:
            raise ValidationError(_now("Il ne reste aucun texte. Gardez au moins un titre et son texte."))
