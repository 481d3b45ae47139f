"""Who pays what, to the cent and to the fraction: pure functions on dated facts. Choices: docs/adr/0034."""

from parvis.pooling.rules.book import (
    AgglomerationPopulation,
    Book,
    Cost,
    Formula,
    Key,
    Member,
    Population,
    Presence,
    Service,
    Use,
    VatWay,
)
from parvis.pooling.rules.calls import closing, credit, instalments
from parvis.pooling.rules.errors import (
    CannotSplit,
    MissingPopulation,
    NegativeResidual,
    NobodyToPay,
    NoKeyInForce,
    NoPayer,
)
from parvis.pooling.rules.explain import Line, explain
from parvis.pooling.rules.formulas import Part
from parvis.pooling.rules.kinds import KINDS, Kind, default_keys
from parvis.pooling.rules.record import RecordAltered, UnknownEngine, from_record, record, replay
from parvis.pooling.rules.rounding import apportion
from parvis.pooling.rules.simulate import (
    Change,
    CostChanged,
    CostRow,
    KeyReplaced,
    MemberJoins,
    ProjectJoined,
    Row,
    ServiceAdded,
    ServiceShared,
    compare,
    describe,
    simulate,
)
from parvis.pooling.rules.slices import Slice
from parvis.pooling.rules.split import Amounts, Split, by_kind, by_member, by_member_and_kind, split, split_all
from parvis.pooling.rules.vat import order_vat

__all__ = [
    "KINDS", "AgglomerationPopulation", "Amounts", "Book", "CannotSplit", "Change", "Cost", "CostChanged",
    "CostRow", "Formula", "Key", "KeyReplaced", "Kind", "Line", "Member", "MemberJoins", "MissingPopulation",
    "NegativeResidual", "NoKeyInForce", "NoPayer", "NobodyToPay", "Part", "Population", "Presence", "ProjectJoined",
    "RecordAltered", "Row", "Service", "ServiceAdded", "ServiceShared", "Slice", "Split", "UnknownEngine", "Use",
    "VatWay", "apportion", "by_kind", "by_member", "by_member_and_kind", "closing", "compare", "credit",
    "default_keys", "describe", "explain", "from_record", "instalments", "order_vat", "record", "replay",
    "simulate", "split", "split_all",
]  # fmt: skip
