"""``python -m codegen add``: a new provider from a published definition of any kind."""
