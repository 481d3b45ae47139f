"""Lines of statements as a sheet for the finance software, one row a line. The columns are described where they are.

Text, in UTF-8; semicolons between cells; a decimal comma; lines end with CR LF. A cell that a spreadsheet would take
for a formula begins with an apostrophe, but for amounts, which are numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parvis.kit.sheets import decimal_comma, sheet


@dataclass(frozen=True, slots=True)
class Column:
    """`head` is the title of the column; `says` is shown on the page of the formats; `amount`: cents in the row."""

    head: str
    says: str
    amount: bool = False


COLUMNS = (
    Column("siret_creancier", "SIRET de la collectivité qui appelle le montant, 14 chiffres sans espace."),
    Column("creancier", "Son nom."),
    Column("siret_debiteur", "SIRET de la collectivité qui doit payer."),
    Column("debiteur", "Son nom."),
    Column("code_service", "Code service du débiteur le jour de l’appel, vide s’il n’en a pas donné."),
    Column("numero_engagement", "Numéro d’engagement du débiteur le jour de l’appel, vide s’il n’en a pas donné."),
    Column("releve", "Numéro du relevé, unique chez le créancier."),
    Column("nature", "acompte, solde ou avoir."),
    Column("acompte", "Rang de l’acompte, à partir de 1 ; 0 pour un solde ou un avoir."),
    Column("exercice", "Année des coûts."),
    Column("emis_le", "Date d’émission, AAAA-MM-JJ."),
    Column("echeance", "Date d’échéance, AAAA-MM-JJ."),
    Column("annule", "Pour un avoir : numéro du relevé qu’il annule."),
    Column("ligne", "Rang de la ligne dans le relevé, à partir de 1."),
    Column("libelle", "Intitulé du coût."),
    Column("cle", "Clé de répartition et sa version."),
    Column("fraction", "Part exacte de l’année, numérateur/dénominateur."),
    Column("ht", "Montant hors taxes, en euros, virgule décimale ; négatif pour un avoir.", amount=True),
    Column("taux_tva", "Taux de TVA en pour cent ; vide si le coût en mêle plusieurs."),
    Column("tva", "Montant de la TVA, en euros.", amount=True),
    Column("ttc", "Montant toutes taxes comprises, en euros.", amount=True),
    Column("etat", "appelé, payé, ou annulé par un avoir."),
    Column("empreinte", "Empreinte SHA-256 du calcul conservé."),
)


def write_statement_lines(rows: Iterable[Mapping[str, str | int]]) -> str:
    """Each row by the heads of COLUMNS; amounts in cents."""
    lines = ([_cell(row[one.head], one.amount) for one in COLUMNS] for row in rows)
    return sheet([[one.head for one in COLUMNS], *lines])


def percent_text(rate: int | None) -> str:
    """Hundredths of a percent: 2000 is "20", 550 is "5,5"; empty when several rates are mixed."""
    if rate is None:
        return ""
    whole, rest = divmod(rate, 100)
    return f"{whole},{rest:02d}".rstrip("0") if rest else str(whole)


def _cell(value: str | int, amount: bool) -> str:
    return decimal_comma(int(value)) if amount else str(value)
