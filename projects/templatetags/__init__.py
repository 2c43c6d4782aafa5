"""Template filters of the projects."""
