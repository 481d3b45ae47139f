from parvis.notifications.models.message import DeliveryState, Message

__all__ = ["DeliveryState", "Message"]
