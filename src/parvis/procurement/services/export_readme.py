"""What an exported archive says of itself, for whoever opens it years later."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.authorities.facade import AuthorityView
from parvis.kit import clock
from parvis.kit.jinja import date_time_long, filesize
from parvis.procurement.selectors.export import Contents

READ_ME = "LISEZ-MOI.txt"


def read_me(house: AuthorityView, found: Contents, actor_name: str, role_label: str, *, bids: bool) -> bytes:
    parts = [
        _head(house, found, actor_name, role_label),
        _inside(bids),
        _left_out(found, bids),
        _how_to_read(),
    ]
    return "\n".join(parts).encode()


def _head(house: AuthorityView, found: Contents, actor_name: str, role_label: str) -> str:
    count = len(found.consultations)
    return _(
        "Données des consultations %(of)s (SIRET %(siret)s)\n"
        "Exportées de Parvis le %(when)s par %(who)s, %(role)s.\n"
        "%(consultations)s, %(files)s de fichiers.\n"
        "Rien n’a été effacé de la plateforme.\n"
    ) % {
        "of": house.of_name,
        "siret": house.siret,
        "when": date_time_long(clock.now()),
        "who": actor_name,
        "role": role_label[:1].lower() + role_label[1:],
        "consultations": ngettext("%(n)d consultation", "%(n)d consultations", count) % {"n": count},
        "files": filesize(found.size),
    }


def _inside(bids: bool) -> str:
    lines = [
        _("CE QUE CONTIENT CE DOSSIER"),
        _("- consultations.json\u202f: chaque consultation, ses lots, critères, documents, clés publiques et plis"),
        _("- marches.json\u202f: les marchés attribués, ceux d’avant la plateforme compris"),
        _("Et pour chaque consultation, dans consultations/<référence>/\u202f:"),
        _("- registre-des-retraits.csv, registre-des-depots.csv\u202f: les registres, ligne à ligne"),
        _("- faits.json\u202f: ce qui s’est passé, dans l’ordre, et par qui"),
        _("- documents/\u202f: les documents de la consultation, octet pour octet"),
        _("- recepisses/\u202f: le récépissé signé de chaque pli, dès que la séance d’ouverture a commencé"),
    ]
    if bids:
        lines += [
            _("- proces-verbal.pdf\u202f: le procès-verbal d’ouverture, si la séance est close"),
            _("- plis-ouverts/\u202f: les documents des plis ouverts en séance"),
            _("- plis-scelles/\u202f: les plis qui n’ont pas été ouverts, toujours scellés (format age)"),
        ]
    return "\n".join([*lines, ""])


def _left_out(found: Contents, bids: bool) -> str:
    lines = [
        _("CE QUI N’Y EST PAS"),
        _("- Le nom des entreprises qui ont déposé un pli, tant que la séance d’ouverture n’a pas commencé."),
        _("- Les clés d’ouverture\u202f: leurs parts restent à leurs porteurs. Un pli scellé reste scellé."),
    ]
    if not bids:
        lines.append(
            _(
                "- Le contenu des plis\u202f: procès-verbaux, documents ouverts et plis scellés ne sont remis qu’aux"
                " acheteurs et aux membres de la commission. L’un d’eux peut refaire cet export pour les obtenir."
            )
        )
    if found.kept_back:
        lines.append(
            ngettext(
                "- %(n)d pli scellé dont la date limite n’est pas passée\u202f: il n’est remis à personne avant elle.",
                "- %(n)d plis scellés dont la date limite n’est pas passée\u202f: ils ne sont remis à personne"
                " avant elle.",
                found.kept_back,
            )
            % {"n": found.kept_back}
        )
    lines += [
        _("- %(reference)s, %(name)s\u202f: %(why)s.") % {"reference": reference, "name": name, "why": why}
        for reference, name, why in found.missing
    ]
    return "\n".join([*lines, ""])


def _how_to_read() -> str:
    return _(
        "COMMENT LIRE ET VÉRIFIER\n"
        "- Les textes sont en UTF-8. Les CSV ont le point-virgule pour séparateur et s’ouvrent dans un tableur.\n"
        "- Dans les JSON, les instants sont en temps universel, les montants en centimes d’euro hors taxes, les poids\n"
        "  des critères en centièmes de pour cent.\n"
        "- empreintes.sha256 donne l’empreinte SHA-256 de chaque fichier. Pour tout vérifier, dans ce dossier\u202f:\n"
        "    sha256sum --check empreintes.sha256\n"
        "  L’empreinte d’un document ou d’un pli est celle qui a été notée à son arrivée sur la plateforme.\n"
        "- Un récépissé se vérifie sur la page «\u202fVérifier un récépissé\u202f» de la plateforme.\n"
    )
