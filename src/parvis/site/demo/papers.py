"""Small PDF documents, so that what is downloaded, sealed and opened in the demo can be read."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from parvis.kit.pdf import render_pdf

TEMPLATE = Path(__file__).resolve().parent / "paper.typ"


@cache
def paper(title: str, author: str, subject: str, parts: Sequence[tuple[str, str]]) -> bytes:
    """One page. `parts`: headings and their text."""
    data = {
        "title": title,
        "author": author,
        "subject": subject,
        "parts": [{"heading": heading, "text": text} for heading, text in parts],
    }
    return render_pdf(TEMPLATE, data)
