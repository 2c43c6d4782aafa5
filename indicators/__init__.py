"""Development indicators and commitments: targets in the report's words, actuals, verdicts."""
