from tests.notifications.fake_smtp import smtp

__all__ = ["smtp"]
