"""Tests of the indicators and commitments."""
