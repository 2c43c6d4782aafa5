"""What the Makefile calls: installing, running the site in one terminal, checking the house."""
