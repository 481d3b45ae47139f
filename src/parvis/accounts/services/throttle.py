"""Slows the guessing of passwords by account, address and subnet, and never shuts an account to its owner.

Failures of one account are counted for strangers together, and apart for each device that signed in to it before
(a signed cookie). An attack can therefore stop strangers for a while, never the owner's own browser; and the mail of a
forgotten password opens the way from anywhere.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network
from operator import itemgetter

from django.core import signing
from django.db import connection
from django.utils.crypto import salted_hmac

from parvis.accounts.models import AttemptCount
from parvis.kit import clock

DEVICE_COOKIE = "parvis_appareil"
DEVICE_AGE = 365 * 24 * 3600
_SALT = "parvis.accounts.device"
_PREFIX = {4: (32, 24), 6: (64, 48)}


@dataclass(frozen=True, slots=True)
class Limit:
    failures: int
    window: timedelta


ACCOUNT = Limit(10, timedelta(minutes=15))
ADDRESS = Limit(20, timedelta(minutes=10))
SUBNET = Limit(100, timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in: the account's e-mail, the client's IP address, the device cookie received ("" for none)."""

    email: str
    ip: str
    device: str = ""

    def counters(self) -> tuple[tuple[str, Limit], ...]:
        account = self.email.strip().lower()
        if is_known_device(self.device, account):
            return ((_digest("device", self.device), ACCOUNT),)
        address, subnet = _networks(self.ip)
        return (
            (_digest("account", account), ACCOUNT),
            (_digest("address", address), ADDRESS),
            (_digest("subnet", subnet), SUBNET),
        )


def is_refused(attempt: Attempt) -> bool:
    """Whether too many failures came before this try, under any of its counters."""
    now = clock.now()
    limits = dict(attempt.counters())
    return any(
        now - row.since < limits[row.key].window and row.failures >= limits[row.key].failures
        for row in AttemptCount.objects.filter(key__in=limits)
    )


def record_failure(attempt: Attempt) -> None:
    """Count one failure; two at the same instant make two."""
    _add(attempt.counters())


def count(counters: dict[str, Limit]) -> bool:
    """One more use under each name; False, and nothing counted, when one of them has reached its limit."""
    now, limits = clock.now(), {_digest("use", name): limit for name, limit in counters.items()}
    full = any(
        now - row.since < limits[row.key].window and row.failures >= limits[row.key].failures
        for row in AttemptCount.objects.filter(key__in=limits)
    )
    if not full:
        _add(tuple(limits.items()))
    return not full


def _add(counters: tuple[tuple[str, Limit], ...]) -> None:
    table = AttemptCount._meta.db_table
    now = clock.now()
    with connection.cursor() as cursor:
        for key, limit in sorted(counters, key=itemgetter(0)):
            cursor.execute(
                f"INSERT INTO {table} AS a (key, since, failures) VALUES (%s, %s, 1)"  # noqa: S608  (our own table's name)
                " ON CONFLICT (key) DO UPDATE SET"
                " failures = CASE WHEN a.since > %s THEN a.failures + 1 ELSE 1 END,"
                " since = CASE WHEN a.since > %s THEN a.since ELSE EXCLUDED.since END",
                [key, now, now - limit.window, now - limit.window],
            )


def forgive_account(email: str) -> None:
    """The owner proved themselves by mail: strangers' failures on this account are forgotten."""
    AttemptCount.objects.filter(key=_digest("account", email.strip().lower())).delete()


def forget_old() -> int:
    """Delete counters older than every window; the number deleted."""
    return AttemptCount.objects.filter(since__lt=clock.now() - timedelta(days=1)).delete()[0]


def device_token(email: str) -> str:
    """Value of the cookie that marks this browser as known to the account."""
    return signing.dumps(_account_mark(email), salt=_SALT)


def is_known_device(token: str, email: str) -> bool:
    try:
        return bool(token) and signing.loads(token, salt=_SALT, max_age=DEVICE_AGE) == _account_mark(email)
    except signing.BadSignature:
        return False


def _account_mark(email: str) -> str:
    return salted_hmac(_SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:32]


def network_of(ip: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 subscriber."""
    return _networks(ip)[0]


def _networks(ip: str) -> tuple[str, str]:
    """The address (an IPv6 subscriber has a /64) and the subnet around it."""
    address = ip_address(ip)
    own, around = _PREFIX[address.version]
    return str(ip_network(f"{ip}/{own}", strict=False)), str(ip_network(f"{ip}/{around}", strict=False))


def _digest(kind: str, value: str) -> str:
    return hashlib.sha256(salted_hmac(_SALT, f"{kind}:{value}", algorithm="sha256").digest()).hexdigest()
