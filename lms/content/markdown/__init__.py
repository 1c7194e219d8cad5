"""Markdown: as HTML, as a text of one form, and where its parts stand in the source."""
