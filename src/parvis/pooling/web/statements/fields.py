"""The fields of a statement in JSON, for the page of the formats; the whole is in docs/formats-statements.md."""

from django.utils.translation import gettext_lazy as _

FIELDS = (
    ("format, currency", _("Version du format et monnaie.")),
    ("group, creditor, debtor", _("Groupement et parties\u202f: nom, SIRET, code service et engagement du débiteur.")),
    ("number, kind, rank, instalments, year", _("Numéro, nature, rang de l’acompte, acomptes par an, exercice.")),
    ("issued_on, due_on", _("Dates d’émission et d’échéance, AAAA-MM-JJ.")),
    ("lines[]", _("Une ligne par coût\u202f: intitulé, clé et versions, montants, explication en phrases.")),
    ("lines[].share", _("Fraction exacte\u202f: numérateur et dénominateur, en texte pour rester entiers.")),
    ("lines[].populations", _("Habitants comptés de chaque membre, par SIREN, nature et année.")),
    ("lines[].computation", _("Calcul conservé et son empreinte SHA-256\u202f: tout ce qu’il faut pour le refaire.")),
    ("total, paid, due, payments", _("Total, payé, reste dû, et chaque paiement noté.")),
    ("state, cancels, cancelled_by, reason", _("État, avoir et relevé annulé, raison.")),
    ("{cents, euros}", _("Chaque montant, deux fois\u202f: en centimes entiers et en texte décimal.")),
)
