"""The first stage, *hiểu ngay*: answers to the questions of a lesson."""
