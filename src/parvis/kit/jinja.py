import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, select_autoescape
from markupsafe import Markup

from parvis.kit import clock
from parvis.kit.money import NARROW, NO_BREAK, euros

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def date_long(value: date) -> str:
    """mardi 1er décembre 2026: the day itself, or that of an instant in Paris."""
    local = value.astimezone(clock.PARIS) if isinstance(value, datetime) else value
    day = "1er" if local.day == 1 else str(local.day)
    return f"{DAYS[local.weekday()]} {day} {MONTHS[local.month - 1]} {local.year}"


def hour(value: datetime) -> str:
    local = value.astimezone(clock.PARIS)
    return f"{local.hour}{NO_BREAK}h{NO_BREAK}{local.minute:02d}"


def date_time_long(value: datetime) -> str:
    """mardi 1er décembre 2026 à 12 h 00 (heure de Paris)."""
    return f"{date_long(value)} à {hour(value)} (heure de Paris)"


def time_left(value: datetime) -> str:
    """The time from now in words, or how long it has been."""
    left = value - clock.now()
    past, left = left < timedelta(), abs(left)
    minutes = int(left.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days >= 1:
        words = f"{days} jour{'s' if days > 1 else ''}" + (f" et {hours}{NO_BREAK}h" if hours and days < 4 else "")
    elif hours:
        words = f"{hours}{NO_BREAK}h{NO_BREAK}{minutes % 60:02d}"
    elif minutes:
        words = f"{minutes} minute{'s' if minutes > 1 else ''}"
    else:
        words = "moins d’une minute"
    return f"passé depuis {words}" if past else f"il reste {words}"


def filesize(size: int) -> str:
    """French notation of a number of bytes, in decimal units as files are sold and announced."""
    for unit, scale in (("Go", 10**9), ("Mo", 10**6), ("ko", 10**3)):
        if size >= scale:
            return f"{size / scale:.1f}".replace(".", ",").removesuffix(",0") + NO_BREAK + unit
    return f"{size}{NO_BREAK}octet{'s' if size > 1 else ''}"


def typo(text: str) -> str:
    """French typography: narrow no-break space before ; : ! ? and inside guillemets."""
    for sign in (";", ":", "!", "?", "»"):
        text = text.replace(f" {sign}", f"{NARROW}{sign}")
    return text.replace("« ", f"«{NARROW}")


def iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


@cache
def _build_hashes() -> dict[str, str]:
    path = Path(__file__).parent / "static" / "kit" / "build.json"
    hashes: dict[str, str] = json.loads(path.read_text())["files"]
    return hashes


def script(name: str) -> Markup:
    """The tag of a page's script, with the hash of its build: a browser refuses altered bytes.

    Raises KeyError for an unknown script.
    """
    file = f"js/{name}.js"
    tag = Markup('<script type="module" src="{}" integrity="{}" crossorigin="anonymous"></script>')
    return tag.format(static(f"kit/{file}"), _build_hashes()[file])


def environment(**options: Any) -> Environment:
    options.update(undefined=StrictUndefined, autoescape=select_autoescape(["html", "xml", "svg"]))
    env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701  (autoescape is in the options)
    env.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(static=static, script=script, url=reverse, demo=settings.PARVIS_ENV == "demo")
    for name in (date_long, hour, date_time_long, time_left, filesize, typo, euros, iso):
        env.filters[name.__name__] = name
    return env
