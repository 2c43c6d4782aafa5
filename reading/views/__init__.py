"""The pages that read reports by machine."""
