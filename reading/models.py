"""The readings of reports, their rows, and what became of each."""
