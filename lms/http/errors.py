"""Errors of HTTP requests that Flask and the ASGI endpoints have in common; ``error_responses`` has their texts."""

from __future__ import annotations

from lms.learning.errors import NotSignedIn


class MalformedRequest(Exception):
    """The body is not what the URL takes."""


class CrossSiteRequest(Exception):
    """A page of another site sent this POST."""


class InvalidCsrfToken(NotSignedIn):
    """The CSRF token of a form is missing or belongs to another sign-in."""


class CourseUnavailable(Exception):
    """A course, or one lesson, has errors and no earlier version that could be served. The message is its slug."""

    def __init__(self, course: str = "", lesson: str = "") -> None:
        super().__init__(course)
        self.course = course
        self.lesson = lesson


class BodyTooLarge(Exception):
    """The body exceeds the limit of its URL. ``more_body``: part of it has not been received yet."""

    def __init__(self, more_body: bool) -> None:
        super().__init__()
        self.more_body = more_body


class PictureTooLarge(BodyTooLarge):
    """A picture that an author uploads while writing a text is larger than the URL takes."""


class BodyTimeout(Exception):
    """The body was not received in time."""


class ServerStopping(Exception):
    """The server shuts down before it could answer."""


class UnknownStaticFile(Exception):
    """No static file has this path."""


class ReadOnlyUrl(Exception):
    """The URL only answers GET."""


class InvalidStreamToken(Exception):
    """The stream token was not signed here, or has expired."""


class StreamTokenRevoked(Exception):
    """The stream token was valid once and has been revoked."""


class SeatMovedToOtherPhone(StreamTokenRevoked):
    """Another phone has the seat of this stream token."""


class StreamGone(Exception):
    """The class or the seat of a stream token does not exist."""


class StreamNotReady(Exception):
    """The state of the class was not read in time, or there is no room for another stream; a retry is right."""
