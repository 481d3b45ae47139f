from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction

from tests.site import url_world
from tests.site.url_world import World


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Built once a module, with its own folder; `status` takes back what each request changes."""
    before = django_settings.DATA, django_settings.FILES
    django_settings.DATA = tmp_path_factory.mktemp("urls")
    django_settings.FILES = django_settings.DATA / "files"
    with django_db_blocker.unblock(), transaction.atomic():
        yield url_world.build()
        transaction.set_rollback(True)
    django_settings.DATA, django_settings.FILES = before
