"""The door of the pooling room."""
