# PyLD has no type hints, and there is no published stub. These stubs declare what lms uses of it.
