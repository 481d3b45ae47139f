from parvis.eservices.models.eservice import EService, EServiceUse, Theme

__all__ = ["EService", "EServiceUse", "Theme"]
