"""How the API speaks, whatever it speaks of: rows, pages, validators, problems."""
