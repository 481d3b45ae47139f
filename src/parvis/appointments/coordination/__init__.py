"""The national coordination service, which keeps a person from booking the same application twice in France."""
