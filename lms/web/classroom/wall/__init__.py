"""The projector (/chieu): boards, results, the demo, and how large their letters are."""
