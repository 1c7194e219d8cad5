"""Staff accounts: roles and permissions, sign-in by slip or password, and the audit log of what they changed."""
