"""``python -m lms`` does what ``lms`` does, for machines where scripts are not on the path."""

from lms.cli import main

main(prog_name="lms")
