"""Opening, commanding, closing and reopening a class session."""
