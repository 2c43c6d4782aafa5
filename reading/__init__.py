"""Reads reports of the genre, of any district and year, and holds their words against the data."""
