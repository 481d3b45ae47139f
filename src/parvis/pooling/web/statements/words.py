"""What the pages of statements say: states, what comes next, how sums are made."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import Statement, StatementKind
from parvis.pooling.selectors.recompute import Verdict
from parvis.pooling.selectors.statements import Standing, Sums

Status = tuple[str, str, str]


def status_words(one: Standing) -> Status:
    if one.cancelled:
        return _("Annulé par un avoir"), "", "closed"
    if not one.due:
        return _settled(one), "success", "check"
    if one.late:
        return _("En retard"), "danger", "danger"
    if one.due < 0:
        return _("À rendre"), "info", "clock"
    if one.paid:
        return _("Payé en partie"), "warning", "clock"
    return _("À payer"), "warning" if one.soon else "info", "clock"


def _settled(one: Standing) -> str:
    if not one.paid:
        return _("Rien à payer")
    return _("Payé") if one.paid > 0 else _("Rendu")


def kind_words(statement: Statement) -> str:
    """Short, for a list."""
    if statement.kind == StatementKind.INSTALMENT:
        return _("Acompte {rank}").format(rank=statement.rank)
    if statement.kind == StatementKind.CREDIT and statement.mirrors:
        return _("Avoir sur {number}").format(number=statement.mirrors.number)
    return str(statement.get_kind_display())


def next_words(one: Standing, me: UUID, creditor: str, debtor: str) -> str:
    """What is expected now of the one who reads, in one or two sentences."""
    statement = one.statement
    words = {"amount": euros(abs(one.due)), "day": date_long(statement.due_on), "creditor": creditor, "debtor": debtor}
    if one.cancelled:
        return _("Un avoir l’annule\u202f: rien n’est dû sur ce relevé.")
    if not one.due:
        return _("Tout est réglé\u202f: il n’y a rien à faire.")
    if one.due < 0:
        return _giving_back(statement, me).format(**words)
    if me == statement.debtor_id:
        if one.late:
            text = _("Votre collectivité devait {amount} à {creditor} pour le {day}. Faites partir le mandat.")
        else:
            text = _("Votre collectivité doit {amount} à {creditor}, pour le {day}.")
            text += " " + _("Prochaine étape\u202f: payer à réception du titre de recettes.")
        return text.format(**words)
    if me == statement.authority_id:
        text = _("{debtor} doit {amount} à votre collectivité, pour le {day}.")
        if one.late:
            text = _("{debtor} devait {amount} à votre collectivité pour le {day}.")
        rest = _("Prochaine étape\u202f: émettre le titre de recettes, puis noter ici le paiement.")
        return f"{text} {rest}".format(**words)
    return _("{debtor} doit {amount} à {creditor}, pour le {day}.").format(**words)


def _giving_back(statement: Statement, me: UUID) -> str:
    if me == statement.authority_id:
        return _("Votre collectivité rend {amount} à {debtor}, pour le {day}. Notez ici le versement une fois fait.")
    if me == statement.debtor_id:
        return _("{creditor} rend {amount} à votre collectivité, pour le {day}. Il n’y a rien à faire.")
    return _("{creditor} rend {amount} à {debtor}, pour le {day}.")


def sums_why(found: Sequence[Standing], total: Sums) -> list[str]:
    """How called, paid and due are made, statement by statement."""
    lines = [_one_line(one) for one in found]
    called = _("Appelé\u202f: {amount}, la somme de ces relevés\u202f; un avoir compte en moins.")
    due = _("Reste\u202f: {called} appelés moins {paid} notés payés, soit {due}.")
    made = [
        *lines,
        called.format(amount=euros(total.called)),
        due.format(called=euros(total.called), paid=euros(total.paid), due=euros(total.due)),
    ]
    if total.to_give_back and total.to_pay:
        both = _("C’est {to_pay} à payer moins {back} à rendre.")
        made.append(both.format(to_pay=euros(total.to_pay), back=euros(total.to_give_back)))
    return made


def _one_line(one: Standing) -> str:
    statement = one.statement
    words = {
        "number": statement.number, "kind": kind_words(statement), "amount": euros(statement.ttc_cents),
        "paid": euros(one.paid),
    }  # fmt: skip
    text = (
        _("Relevé {number}, {kind}\u202f: {amount} TTC")
        if statement.kind != StatementKind.CREDIT
        else (_("{number}, {kind}\u202f: {amount} TTC"))
    )
    end = _(", dont {paid} payés.") if one.paid > 0 else _(", dont {paid} rendus.") if one.paid < 0 else "."
    return f"{text}{end}".format(**words)


def due_why(one: Standing) -> list[str]:
    """How what is still due of one statement is made."""
    statement = one.statement
    if one.cancelled:
        return [_("Un avoir annule ce relevé\u202f: plus rien n’est dû.")]
    paid = _("Noté payé\u202f: {amount}.").format(amount=euros(one.paid))
    left = _("Reste dû\u202f: {amount}.").format(amount=euros(one.due))
    if statement.kind == StatementKind.CREDIT:
        mirrored = _(
            "L’avoir annule {amount}. N’est à rendre que ce qui avait été payé sur le relevé annulé\u202f: {back}."
        )
        back = euros(abs(one.due + one.paid))
        return [mirrored.format(amount=euros(-statement.ttc_cents), back=back), paid, left]
    called = _("Appelé\u202f: {amount} TTC.").format(amount=euros(statement.ttc_cents))
    return [called, paid, left]


def verdict_words(verdict: Verdict) -> Status:
    return {
        Verdict.IDENTICAL: (_("Identique"), "success", "check"),
        Verdict.ALTERED: (_("Modifié après coup"), "danger", "danger"),
        Verdict.NEWER: (_("Fait par une autre version"), "warning", "warning"),
    }[verdict]
