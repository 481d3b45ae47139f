"""What is written of a cost by hand, and what its kind wants of it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from parvis.kit.errors import Refusal
from parvis.kit.money import NARROW
from parvis.pooling.rules.kinds import AGGLOMERATION, KINDS, OWN
from parvis.pooling.rules.vat import order_vat


@dataclass(frozen=True, slots=True)
class CostTerms:
    """Half-open days, within one year. Cents. `vat_cents` None: computed at `vat_rate`, in hundredths of a percent.

    `key`: a code; empty for the one of the kind. Who shares: the users of `eservice_id`, or the members `users` who
    joined a project, or `payer_id` alone, or those whom the key says.
    """

    kind: str
    label: str
    from_on: date
    until_on: date
    ht_cents: int
    vat_cents: int | None = None
    vat_rate: int = 2000
    key: str = ""
    eservice_id: UUID | None = None
    payer_id: UUID | None = None
    users: tuple[UUID, ...] = ()

    @property
    def year(self) -> int:
        return self.from_on.year

    @property
    def vat(self) -> int:
        return self.vat_cents if self.vat_cents is not None else order_vat(self.ht_cents, self.vat_rate)


def checked(terms: CostTerms) -> CostTerms:
    """The same with its label trimmed, its key said and nothing that it does not read.

    Raises Refusal: unknown_kind, no_label, backwards, several_years, no_amount, two_ways, no_eservice, no_payer.
    """
    kind = KINDS.get(terms.kind)
    if kind is None:
        raise Refusal("unknown_kind", "Choisissez la nature du coût dans la liste.", "kind")
    if not terms.label.strip():
        raise Refusal("no_label", f"Donnez un nom à ce coût. Exemple{NARROW}: Hébergement 2026.", "label")
    _check_days(terms)
    if terms.ht_cents <= 0 or terms.vat < 0:
        message = "Écrivez un montant hors taxes de plus de 0 €, et une TVA positive ou nulle."
        raise Refusal("no_amount", message, "ht_cents")
    key = terms.key or kind.key
    if key == OWN:
        if terms.payer_id is None:
            raise Refusal("no_payer", "Choisissez le membre qui paie seul ce coût.", "payer")
        return replace(terms, label=terms.label.strip(), key=key, eservice_id=None, users=())
    if key == AGGLOMERATION:
        return replace(terms, label=terms.label.strip(), key=key, eservice_id=None, users=(), payer_id=None)
    if terms.eservice_id and terms.users:
        message = (
            "Ce coût se partage entre ceux qui utilisent le téléservice, ou entre les membres que vous nommez. "
            "Choisissez l’un ou l’autre."
        )
        raise Refusal("two_ways", message, "users")
    if kind.of_service and not terms.eservice_id and not terms.users:
        message = (
            "Dites de quel téléservice il s’agit. S’il n’est pas encore ouvert, nommez les membres qui ont rejoint "
            "le projet."
        )
        raise Refusal("no_eservice", message, "eservice")
    return replace(terms, label=terms.label.strip(), key=key, payer_id=None)


def _check_days(terms: CostTerms) -> None:
    if terms.until_on <= terms.from_on:
        raise Refusal("backwards", "La période finit avant de commencer. Vérifiez les deux dates.", "until_on")
    if (terms.until_on - timedelta(days=1)).year != terms.year:
        message = "Un coût tient dans une seule année. Inscrivez un coût par année, avec ce qui lui revient."
        raise Refusal("several_years", message, "until_on")
