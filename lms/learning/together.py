"""What the writer does for many phones at once. The order matters: it is the order in which rows are taken.

Classes come first, then learners, then what is theirs. A command to a class holds it and then takes its learners'
rows; were learners taken first here, two processes could wait for each other in a ring.
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
    practise_in: practise_all,  # after the events, which may have ended the go before
}
