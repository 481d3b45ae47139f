"""The clock, the demo's doors and the keys, as production starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parvis.site.launch.folders import ROOT
from parvis.site.launch.serve import problems_of

ASK = """
import django; django.setup()
from django.conf import settings
from django.urls import Resolver404, resolve
from parvis.kit import clock
def absent(path):
    try: return resolve(path).url_name == "authority_home"
    except Resolver404: return True
print(clock.offset().total_seconds(), settings.DEBUG, settings.LOCAL, settings.SESSION_COOKIE_SECURE,
      settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.ALLOWED_HOSTS,
      all(absent(p) for p in ("/demo/courrier/", "/demo/identite/agents/jeton/", "/composants/")),
      settings.SOCIALACCOUNT_PROVIDERS["identity"]["APPS"], settings.SECURE_HSTS_SECONDS > 0)
"""


def asked(folder: Path, **more: str) -> str:
    (folder / "clock").write_text("-99999999")
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PARVIS_", "PYTEST_"))},
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "parvis.site.settings",
        "PARVIS_SECRET_KEY": "k" * 60,
        "PARVIS_DATABASE_URL": "postgresql:///unused",
        "PARVIS_PUBLIC_URL": "https://parvis.example",
        "PARVIS_CLOCK_FILE": str(folder / "clock"),
        **more,
    }
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("said", [{}, {"PARVIS_ENV": "production"}, {"PARVIS_ENV": "prod"}, {"PARVIS_ENV": "DEMO"}])
def test_production_has_no_other_clock_no_demo_door_and_safe_cookies(said: dict[str, str], tmp_path: Path) -> None:
    """Only the two exact words demo and test open anything: a spelling mistake closes."""
    assert asked(tmp_path, **said) == "0.0 False False True True True ['parvis.example'] True [] True"


def test_a_secret_of_the_edge_that_can_be_guessed_stops_the_start(tmp_path: Path) -> None:
    fine = {
        "PARVIS_SECRET_KEY": "k" * 60,
        "PARVIS_DATABASE_URL": "postgresql:///x",
        "PARVIS_PUBLIC_URL": "https://parvis.example",
        "PARVIS_DATA": str(tmp_path),
        "PARVIS_LOG_ORIGIN": "parvis.example/registre",
    }
    assert problems_of({**fine, "PARVIS_EDGE_SECRET": "e" * 32}) == []
    [problem] = problems_of({**fine, "PARVIS_EDGE_SECRET": "secret"})
    assert "PARVIS_EDGE_SECRET" in problem
