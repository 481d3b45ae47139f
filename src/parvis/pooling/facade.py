"""The door of the pooling room: what everybody may know of joint procurement."""

from parvis.pooling.selectors.public_groups import public_groups

__all__ = ["public_groups"]
