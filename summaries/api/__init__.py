"""The API of summaries and documents."""
