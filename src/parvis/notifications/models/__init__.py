from parvis.notifications.models.message import Channel, DeliveryState, Message

__all__ = ["Channel", "DeliveryState", "Message"]
