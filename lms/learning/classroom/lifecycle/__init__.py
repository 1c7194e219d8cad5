"""Opening, steering, closing and reopening a class session."""
