"""CometChat Calls: its client, and its calls as call records."""
