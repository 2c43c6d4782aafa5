"""The API of projects, plans, monthly reports, rounds, obstacles and data questions."""
