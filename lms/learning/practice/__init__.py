"""The practice stage, *làm được*: attempts, their events, and what follows from them."""
