"""The database layer: engine and sessions, models, the writer, row locks, upserts, retryable errors, migrations.

Data access, in all of ``learning``: a service function takes the ``Session`` of its caller, who commits. It executes
Core statements on ``session.connection()`` and returns frozen dataclasses, never rows or models. Statements that run
often are module constants with bind parameters. The exceptions are ``Learner`` and ``AccountRow``, which have one row
and few columns and are passed around as ORM objects within a request.
"""
