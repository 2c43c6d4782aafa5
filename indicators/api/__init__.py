"""The API of indicators, targets, results and commitments."""
