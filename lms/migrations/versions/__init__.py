"""The migrations in order. None has a downgrade."""
