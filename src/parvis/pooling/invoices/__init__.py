"""The contractor's electronic invoices: Factur-X, or its XML alone."""
