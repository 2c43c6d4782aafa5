"""What the office says of the year: summaries, the cockpit, and the jobs that build them."""
