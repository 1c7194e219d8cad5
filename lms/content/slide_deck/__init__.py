"""Old slides (PPTX) as a first hieu.md: a section for each slide, notes for the facilitator, pictures taken along."""
