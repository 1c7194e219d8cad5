"""The workshop: revisions of the files of courses, their review by a second person, and publishing."""
