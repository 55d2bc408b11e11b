"""Cloudflare RealtimeKit: its client, and its calls as call records."""
