"""Simplified Chinese formats, one file, as Django looks for them."""
