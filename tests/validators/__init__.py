"""What other tools make of the definitions and of the sandbox; ``nox -s validators`` runs it."""
