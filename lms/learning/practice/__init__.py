"""The second stage, *làm được*: attempts, their events, and what is derived from both."""
