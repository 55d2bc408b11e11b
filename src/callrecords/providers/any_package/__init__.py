"""Clients for any generated package, without code of its own."""
