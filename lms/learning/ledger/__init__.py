"""The ledger of organisers: targets, figures counted by hand, notes, and the reports of periods that are made of it."""
