"""The law of public procurement as data and pure functions. Sources and doubts: docs/law.md."""

from parvis.procurement.rules.completeness import before_keys, completeness
from parvis.procurement.rules.cpv import CodeList, code_list, cpv_error
from parvis.procurement.rules.dated import Figure, NoFigure, threshold, time_limit
from parvis.procurement.rules.deadlines import Options, earliest_deadline
from parvis.procurement.rules.fit import deadline_fit, procedure_fit
from parvis.procurement.rules.limits import Limits, envelope_error, file_error, limits, limits_text
from parvis.procurement.rules.lots import lots_errors, lots_fit
from parvis.procurement.rules.nuts import nuts_error
from parvis.procurement.rules.paris import on_time, paris_deadline, paris_time
from parvis.procurement.rules.precedence import Sorting, to_open
from parvis.procurement.rules.procedures import (
    ExpectedDocument,
    Procedure,
    Round,
    Step,
    Technique,
    documents_expected,
    expected_envelopes,
    procedure,
    procedures,
    steps,
    technique,
    techniques,
)
from parvis.procurement.rules.publicity import Publicity, documents_on_profile, publicity_required
from parvis.procurement.rules.reference import next_reference, reference_error
from parvis.procurement.rules.text import clock_time, long_date, use_translator
from parvis.procurement.rules.weights import criteria_of, weight_hundredths, weights_error

__all__ = [
    "CodeList", "ExpectedDocument", "Figure", "Limits", "NoFigure", "Options", "Procedure", "Publicity",
    "Round", "Sorting", "Step", "Technique", "before_keys", "clock_time", "code_list", "completeness", "cpv_error",
    "criteria_of", "deadline_fit", "documents_expected", "documents_on_profile", "earliest_deadline",
    "envelope_error", "expected_envelopes", "file_error", "limits", "limits_text", "long_date", "lots_errors",
    "lots_fit", "next_reference", "nuts_error", "on_time", "paris_deadline", "paris_time", "procedure",
    "procedure_fit", "procedures", "publicity_required", "reference_error", "steps", "technique", "techniques",
    "threshold", "time_limit", "to_open", "use_translator", "weight_hundredths", "weights_error",
]  # fmt: skip
