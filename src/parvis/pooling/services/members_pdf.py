"""The annex of the constitutive agreement: its members, with the decision and the day of each."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from parvis.authorities.facade import authority
from parvis.kit.jinja import date_long
from parvis.kit.pdf import render_pdf
from parvis.pooling.models import JointProcurement
from parvis.pooling.selectors.groups import IN_IT, MemberRow, member_rows
from parvis.pooling.selectors.today import today

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "members.typ"


def members_pdf(group: JointProcurement) -> bytes:
    """PDF of who is a member on the day it is asked; prospects are not in it."""
    rows = [one for one in member_rows(group) if one.membership.state in IN_IT]
    data = {
        "coordinator": authority(group.authority_id).name,
        "name": group.name,
        "purpose": group.purpose,
        "signed": date_long(group.signed_on) if group.signed_on else "",
        "starts": date_long(group.starts_on) if group.starts_on else "",
        "ends": date_long(group.ends_on - timedelta(days=1)) if group.ends_on else "",
        "made": date_long(today()),
        "members": [_member(rank, one) for rank, one in enumerate(rows, start=1)],
    }
    return render_pdf(TEMPLATE, data)


def _member(rank: int, row: MemberRow) -> dict[str, Any]:
    place = row.membership
    return {
        "rank": rank,
        "name": row.name,
        "siren": f"{place.member.siren[:3]}\u00a0{place.member.siren[3:6]}\u00a0{place.member.siren[6:]}",
        "coordinator": row.coordinator,
        "decision": place.decision,
        "decided": place.decided_on.strftime("%d/%m/%Y") if place.decided_on else "",
        "notified": place.notified_on.strftime("%d/%m/%Y") if place.notified_on else "",
        "effective": place.effective_on.strftime("%d/%m/%Y") if place.effective_on else "",
    }
