"""Helpers (/giup): the list of who needs help, one seat's screen and replay, invitations."""
