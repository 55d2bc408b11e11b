"""Makes the documentation's site: the pages of docs/, and those that follow from the sources."""
