"""Tasks of the use stage that a facilitator attests in class."""
