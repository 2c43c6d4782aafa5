"""Pages of the indicators and commitments, one subject a module."""
