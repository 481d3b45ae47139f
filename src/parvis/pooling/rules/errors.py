"""Why a cost cannot be shared: each says in French what is missing and what to do."""

from datetime import date

from parvis.kit.errors import Refusal
from parvis.kit.money import NARROW
from parvis.pooling.rules.words import day, number, of, period, quoted


class CannotSplit(Refusal):
    """A cost that has no exact answer yet. Nobody is charged meanwhile."""


class NobodyToPay(CannotSplit):
    """No member takes part on any day of the cost, from `from_on` to the day before `until_on`."""

    def __init__(self, label: str, from_on: date, until_on: date) -> None:
        self.from_on, self.until_on = from_on, until_on
        super().__init__(
            "nobody_to_pay",
            f"Personne ne peut payer {quoted(label)}{NARROW}: {period(from_on, until_on)}, aucun membre ne participe. "
            "Vérifiez les dates de la dépense, les téléservices et leurs utilisateurs.",
        )


class NoPayer(CannotSplit):
    """A cost for one member does not say which one."""

    def __init__(self, label: str) -> None:
        super().__init__(
            "no_payer", f"Choisissez le membre qui paie {quoted(label)}{NARROW}: sa clé n’en désigne aucun."
        )


class MissingPopulation(CannotSplit):
    """The population of `siren`, of this kind and year, is not known."""

    def __init__(self, siren: str, name: str, kind: str, year: int) -> None:
        self.siren, self.kind, self.year = siren, kind, year
        super().__init__(
            "missing_population",
            f"Il manque la population {kind} {year} {of(name)}. Ajoutez-la, ou choisissez une autre année dans la clé.",
        )


class NegativeResidual(CannotSplit):
    """The member communes have more inhabitants than the agglomeration that contains them."""

    def __init__(self, name: str, kind: str, year: int, whole: int, communes: int) -> None:
        super().__init__(
            "negative_residual",
            f"La population {kind} {year} {of(name)} ({number(whole)}) est plus petite que celle de ses communes "
            f"membres ({number(communes)}). Corrigez l’une des deux.",
        )


class NoKeyInForce(CannotSplit):
    """No version of the key `code` is in force on `on`."""

    def __init__(self, code: str, on: date, name: str = "") -> None:
        self.key, self.on = code, on
        key = f"La clé {quoted(name or code)} n’est pas en vigueur le {day(on)}."
        super().__init__("no_key_in_force", f"{key} Datez-la plus tôt ou choisissez une autre clé.")
