"""What those who send requests are called in tables."""

BARE = "httpx and json.loads"
OURS = "callrecords"
CLOUDFLARE = "cloudflare"
