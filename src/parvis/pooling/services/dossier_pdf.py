"""The dossier of a committee on paper: the page's figures and sentences, laid out by typst."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.kit.pdf import render_pdf
from parvis.pooling.models import JointProcurement
from parvis.pooling.rules.dossier_words import earlier_words, forecast_words, minimum_words, tenth
from parvis.pooling.rules.words import day, number
from parvis.pooling.selectors.dossier import Dossier, FrameworkLine, MemberLine, OrderLineSeen, dossier

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "dossier.typ"


def dossier_file(group: JointProcurement) -> bytes:
    """PDF of the group's dossier as of today, from the rows that the authority in scope may read."""
    return render_pdf(TEMPLATE, dossier_data(dossier(group), authority(group.authority_id).name))


def dossier_data(seen: Dossier, owner: str) -> dict[str, Any]:
    """Ready-made French sentences and amounts; `part` is from 0 to 1, the length of a bar."""
    return {
        "owner": owner,
        "group": seen.group.name,
        "day": date_long(seen.day),
        "since": date_long(seen.previous.meets_at) if seen.previous else "",
        "members_count": len(seen.members),
        "inhabitants": number(seen.inhabitants),
        "offered": seen.offered,
        "decisions": [
            {"text": one.decision.text, "changes": [str(change) for change in one.changes]} for one in seen.decisions
        ],
        "frameworks": [_framework(one) for one in seen.frameworks],
        "announced": _orders(seen.announced),
        "ordered": _orders(seen.ordered),
        "year": seen.shares.year,
        "members": [_member(one, seen.shares.total.ttc) for one in seen.members],
        "total": {"ht": euros(seen.shares.total.ht), "ttc": euros(seen.shares.total.ttc)},
        "problems": [f"{one.item.label}\u202f: {one.problem}" for one in seen.shares.costs if one.problem],
        "collected": [
            {"name": one.name, "called": euros(one.called), "paid": euros(one.paid), "due": euros(one.due)}
            for one in seen.collected
        ],
        "coming_keys": [
            _("Clé «\u202f{name}\u202f»\u202f: version {version} à partir du {day}.").format(
                name=one.name, version=one.version, day=date_long(one.in_force_on)
            )
            for one in seen.coming_keys
        ],
        "projects": [f"{one.title} ({one.state})" for one in seen.projects],
        "needs": [f"{member}\u202f: {need.label}" for member, need in seen.needs],
        "services": [
            {"name": one.name, "members": ", ".join(one.members), "new": one.new} for one in seen.services
        ],
        "late": [
            _("{label}, attendu le {day}").format(label=one.task.label, day=date_long(one.due.on))
            for one in seen.late
            if one.due
        ],
        "disputes": [
            _("Avec {who}, ouvert le {day}\u202f: {subject}").format(
                who=one.opponent, day=date_long(one.opened_on), subject=one.subject
            )
            for one in seen.disputes
        ],
    }  # fmt: skip


def _framework(one: FrameworkLine) -> dict[str, Any]:
    most = one.used.max_cents
    parts = (
        (_("Commandé"), one.used.used_cents), (_("Prévu au terme"), one.forecast.at_term_cents),
        (_("Minimum"), one.minimum.min_cents),
    )  # fmt: skip
    return {
        "title": f"{one.framework.reference} · {one.framework.title}",
        "contractor": one.framework.contractor_name,
        "max": euros(most),
        "left": euros(one.used.remaining_cents),
        "bars": [
            {"label": label, "words": f"{euros(cents)}, {tenth(cents, most)}", "part": min(1, cents / most)}
            for label, cents in parts
        ],
        "words": " ".join(
            filter(
                None,
                (
                    earlier_words(one.used.earlier_cents),
                    forecast_words(one.forecast, day(one.framework.ends_on)),
                    minimum_words(one.minimum),
                ),
            )
        ),
    }


def _orders(rows: Iterable[OrderLineSeen]) -> list[dict[str, str]]:
    return [
        {
            "name": " · ".join(filter(None, (one.order.number, one.order.title))),
            "member": one.member,
            "ht": euros(one.order.ht_cents),
        }
        for one in rows
    ]


def _member(one: MemberLine, total: int) -> dict[str, Any]:
    return {
        "name": one.name,
        "inhabitants": number(one.inhabitants),
        "services": one.services,
        "ht": euros(one.share.ht),
        "ttc": euros(one.share.ttc),
        "part": max(0.0, min(1.0, one.share.ttc / total)) if total else 0.0,
        "percent": tenth(one.share.ttc, total),
    }
