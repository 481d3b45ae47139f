"""Visitors, statuses and rows of the table of addresses: tests/site/url_table.py and url_table_pooling.py."""

from dataclasses import dataclass, field

from tests.site.url_world import HERE, WHOLE

COLUMNS = (
    "anonymous", "person", "company", "buyer", "elsewhere", "administrator", "chair", "member", "observer", "operator",
    "one_factor", "desk_agent", "desk_manager", "coordinator", "referent", "finance_agent",
)  # fmt: skip

# Columns:        anon pers comp buy  else admi chai memb obse oper 1fac rece mana coor refe fina
EVERYONE       = "200  200  200  200  200  200  200  200  200  200  200  200  200  200  200  200"  # fmt: skip
ACCOUNT        = "302  200  200  200  200  200  200  200  200  200  200  200  200  200  200  200"  # fmt: skip
NOT_SIGNED_IN  = "200  302  302  302  302  302  302  302  302  302  302  302  302  302  302  302"  # fmt: skip
COMPANY        = "302  403  200  403  403  403  403  403  403  403  403  403  403  403  403  403"  # fmt: skip
READERS        = "302  403  403  200  403  200  200  200  200  403  403  403  403  403  403  403"  # fmt: skip
BUYERS         = "302  403  403  200  403  403  403  403  403  403  403  403  403  403  403  403"  # fmt: skip
REGISTERS      = "302  403  403  200  403  200  200  403  200  403  403  403  403  403  403  403"  # fmt: skip
ADMINISTRATORS = "302  403  403  403  403  200  403  403  403  403  403  403  403  403  403  403"  # fmt: skip
CHAIRS         = "302  403  403  403  403  403  200  403  403  403  403  403  403  403  403  403"  # fmt: skip
CUSTODIANS     = "302  403  403  403  403  403  200  200  403  403  403  403  403  403  403  403"  # fmt: skip
BOARD          = "302  403  403  200  403  403  200  200  403  403  403  403  403  403  403  403"  # fmt: skip
OPERATOR       = "302  403  403  403  403  403  403  403  403  200  403  403  403  403  403  403"  # fmt: skip
RECEPTION      = "302  403  403  403  403  403  403  403  403  403  403  200  200  403  403  403"  # fmt: skip
AGENDA_MAKERS  = "302  403  403  403  403  200  403  403  403  403  403  403  200  403  403  403"  # fmt: skip
FIGURES        = "302  403  403  403  403  200  403  403  200  403  403  403  200  403  403  403"  # fmt: skip
POOLING        = "302  403  403  200  403  200  403  403  200  403  403  403  403  403  200  200"  # fmt: skip
TAKES_PART     = "302  403  403  403  403  403  403  403  403  403  403  403  403  403  200  403"  # fmt: skip
ORDERS         = "302  403  403  200  403  403  403  403  403  403  403  403  403  403  200  403"  # fmt: skip
INVOICES       = "302  403  403  403  403  403  403  403  403  403  403  403  403  403  200  200"  # fmt: skip
# At the agglomeration (authority=WHOLE), where only the coordinator and the operator of this world have a hat.
COORDINATOR    = "302  403  403  403  403  403  403  403  403  403  403  403  403  200  403  403"  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    statuses: tuple[int, ...]
    where: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    why: str = ""


def row(profile: str, method: str = "get", ok: int = 200, anonymous: int = 0, why: str = "", **where: str) -> Row:
    """`ok` stands for the 200 of the profile, `anonymous` for its 302: pages of data say 401 to who is signed out."""
    statuses = [ok if status == 200 else status for status in map(int, profile.split())]
    if anonymous:
        statuses[0] = anonymous
    return Row(tuple(statuses), where, method, why)


def here(profile: str, method: str = "get", ok: int = 200, anonymous: int = 0, why: str = "", **where: str) -> Row:
    return row(profile, method, ok, anonymous, why, authority=HERE, **where)


def whole(profile: str, method: str = "get", ok: int = 200, anonymous: int = 0, why: str = "", **where: str) -> Row:
    return row(profile, method, ok, anonymous, why, authority=WHOLE, **where)
