"""A practice as a drawing: its screens, areas on pictures and where each leads; changes of it are edits of its text."""
