"""Questions of other programs: read from GIFT, Word and sheets, and turned into blocks of hieu.md."""
