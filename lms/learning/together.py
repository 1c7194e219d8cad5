"""What the writer does for many phones at once. The order matters: it is the order in which rows are taken.

Classes come first, then learners, then what is theirs. A command to a class holds it and then takes its learners'
rows; were learners taken first here, two processes could wait for each other in a ring.

Each of these takes its rows in that order. A batch of several kinds does not: class answers have written their seats
when the joins behind them take learners. So it may wait for a learner whom somebody else holds and who waits for one of
these seats: another process's batch, a facilitator who agrees to a claim, somebody who is being forgotten. PostgreSQL
ends one of the two after a second. The writer does its part again; what a page did fails, and is tapped once more.
"""

from __future__ import annotations

from lms.learning.answers import keep_answer, keep_answers
from lms.learning.classroom.asking import keep_class_answer, keep_class_answers
from lms.learning.classroom.joining import join, join_all
from lms.learning.classroom.practising import practise_all, practise_in
from lms.learning.event_batches import keep_event_batches, keep_events

TOGETHER = {
    keep_class_answer: keep_class_answers,
    join: join_all,
    keep_answer: keep_answers,
    keep_events: keep_event_batches,
    practise_in: practise_all,  # after the events, which may have ended the attempt before
}
