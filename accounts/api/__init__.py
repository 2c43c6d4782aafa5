"""The API's door: who is let in, what for, how often."""
