"""ApifyCloud Video: its client, and its calls as call records."""
