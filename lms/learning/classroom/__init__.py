"""The live class: one versioned row that every screen in the room follows.

``steps`` are what a lesson has to show, ``state`` is where a class stands, ``steering`` moves it; ``seats`` are the
people, ``asking`` their answers, ``position`` where each of them is in the practice, ``stuck`` who needs help;
``snapshots`` is what each role's screen is told.
"""
