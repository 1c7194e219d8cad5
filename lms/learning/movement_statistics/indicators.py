"""What is counted, and from what a class is left out."""

from __future__ import annotations

from enum import StrEnum


class Indicator(StrEnum):
    """A number that is counted for each ward. A learner counts once in each of the last four, in the whole city."""

    CLASSES = "classes"
    ATTENDANCES = "attendances"  # people at phones in classes; a phone once a day in a ward
    WITHOUT_PHONE = "without_phone"  # people whom a facilitator wrote down, because they held no phone
    LEARNERS = "learners"  # random ids that came to a class, or earned a mark at home
    UNDERSTOOD = "understood"
    COULD_DO = "could_do"
    USED = "used"


class LeftOut(StrEnum):
    """Why a class was not counted."""

    EMPTY = "empty"  # nobody joined
    FEW = "few"  # less than MIN_PHONES or MIN_PEOPLE
    SHORT = "short"  # less than MIN_MINUTES
    REPEATED = "repeated"  # the same phones were in another class of the ward on that day


STAGE_INDICATORS = {"hieu": Indicator.UNDERSTOOD, "lam": Indicator.COULD_DO, "dung": Indicator.USED}
# What is published of a unit: only what a class adds five or more to, or nothing. Of the other indicators the total of
# the ward without that of its other units could be one to four people.
PUBLIC_UNIT_INDICATORS = (Indicator.CLASSES, Indicator.ATTENDANCES)
# What is counted in the whole city before it is rounded. With the wards' values it may tell how many classes a ward
# held, as the calendar does; a class has five people at least. Of people it would tell of a ward's last one to four.
PUBLIC_CITY_INDICATORS = (Indicator.CLASSES,)
# A class below these is held for a trial, or to make a number grow. Five people, as fewer could be told apart.
MIN_PHONES, MIN_PEOPLE, MIN_MINUTES = 3, 5, 15
