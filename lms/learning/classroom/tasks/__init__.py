"""Tasks of *dùng liền* that a facilitator attests in class."""
