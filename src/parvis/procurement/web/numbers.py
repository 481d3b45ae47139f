from typing import Any


def page_number(request: Any) -> int:
    """The page asked for by `?page=`, 1 when it is no number."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
