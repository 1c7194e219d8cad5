"""Review: cards of finished lessons that come back after days, so that what was learned stays."""
