"""Forms of the projects, one subject a module."""
