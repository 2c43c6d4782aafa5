"""Template filters of the indicators."""
