"""Key projects: the year's list, what became of each project, and where the report says so."""
