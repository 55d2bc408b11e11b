"""One package per provider: the only places that import the generated ones."""
