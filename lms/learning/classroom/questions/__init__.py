"""Questions in class: answers, tallies, and handing class answers over to the learners."""
