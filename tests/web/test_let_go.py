"""What a request held is let go with its answer: garbage is looked for rarely (docs/adr/0016)."""

from __future__ import annotations

import gc
import weakref
from io import BytesIO

import pytest

STRANGE = ("x", "x.y.z")  # no signature, and one of somebody else


class Body(BytesIO):
    """Bytes that a weak reference may be held to."""


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def left_of(app, path: str, *, method: str = "POST", form: str = "", **cookies: str) -> Body | None:
    """What is still there of the body of a request when it has been answered."""
    body = Body(form.encode())
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "hoc.example", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": body,
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(form)),
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }  # fmt: skip
    left = weakref.ref(body)
    answer = app.wsgi_app(environ, lambda *_said: None)
    b"".join(answer)
    answer.close()
    del body, environ, answer
    return left()


@pytest.mark.parametrize("cookie", ["learner", "account", "known"])
@pytest.mark.parametrize("shown", STRANGE)
def test_a_signature_that_is_not_ours_holds_nothing_of_its_request(app, no_collector, cookie, shown):
    form = "ten=minh&mat-khau=khong+phai+no"
    left_of(app, "/vao", form=form)  # what is made once is made
    assert left_of(app, "/vao", form=form) is None
    assert left_of(app, "/vao", form=form, **{cookie: shown}) is None
