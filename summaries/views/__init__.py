"""Pages of the summaries: home by role, issued summaries, the runs that build them."""
