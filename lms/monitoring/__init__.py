"""How the site is doing: what must work for it to serve, and figures for operators."""
