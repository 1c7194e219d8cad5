"""The database floor: engine and sessions, models, the writer, bulk statements, row locks, retryable errors, migrations."""
