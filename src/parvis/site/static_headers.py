"""Headers of the files that WhiteNoise serves before the pages' own policy: nobody frames them."""


def add_headers(headers: dict[str, str], path: str, url: str) -> None:
    headers["X-Frame-Options"] = "DENY"
    if url.endswith(".html"):
        # Beside the policy written in the stand-alone pages, which cannot say this one.
        headers["Content-Security-Policy"] = "frame-ancestors 'none'"
