"""People: regions, responsible departments, users, and what each role may do."""
