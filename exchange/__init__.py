"""Workbooks in: what a file would add and change, written as a whole, taken back as a whole."""
