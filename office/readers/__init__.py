"""Programs that read one document each, run by office/texts.py and never imported by it."""
