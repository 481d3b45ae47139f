"""PDF pages from typst: tagged and archivable, with the data passed as JSON."""

import json
from pathlib import Path
from typing import Any

import typst

from parvis.kit import clock


def render_pdf(template: Path, data: dict[str, Any]) -> bytes:
    """PDF/UA-1 and PDF/A-3a bytes of a typst template that reads `json(bytes(sys.inputs.data))`.

    Raises typst.TypstError.
    """
    pdf: bytes = typst.compile(
        str(template),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1", "a-3a"],
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(clock.now().timestamp()),
    )
    return pdf
