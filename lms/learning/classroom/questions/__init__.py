"""Questions in class: answers, tallies, and copying answers to the learners' records."""
