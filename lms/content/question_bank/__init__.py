"""Questions of other programs: read from GIFT and Aiken, written as GIFT, and turned into blocks of hieu.md."""
