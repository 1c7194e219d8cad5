"""Pages for helping learners (/giup): the help list, one seat with its replay, invitations of helpers."""
