"""Questions of other programs: read from GIFT, Word, tables and lists, and turned into blocks of hieu.md."""
