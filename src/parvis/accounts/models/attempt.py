from django.db import models


class AttemptCount(models.Model):
    """Failed sign-ins under one key since the first of them. The key is a digest: no address is kept."""

    key = models.CharField(primary_key=True, max_length=64)
    since = models.DateTimeField(db_index=True)
    failures = models.PositiveIntegerField()


class CachedValue(models.Model):
    """The table of Django's database cache, so that every process counts together; only the cache reads it."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "parvis_cache"
