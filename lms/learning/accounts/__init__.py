"""People with duties: their accounts, the two ways in, what they may do, and the journal of what they changed."""
