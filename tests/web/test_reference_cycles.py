"""A Flask request is in no reference cycle: garbage collection runs rarely (docs/adr/0016)."""

from __future__ import annotations

import gc
import weakref
from io import BytesIO

import pytest

INVALID_VALUES = ("x", "x.y.z")  # without a signature, and with a wrong one


class Body(BytesIO):
    """A body that supports weak references."""


@pytest.fixture
def no_garbage_collection():
    gc.disable()
    yield
    gc.enable()


def body_after_response(app, path: str, *, method: str = "POST", form: str = "", **cookies: str) -> Body | None:
    """The body of a request after its response, if it is still alive."""
    body = Body(form.encode())
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "hoc.example", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": body,
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(form)),
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }  # fmt: skip
    body_reference = weakref.ref(body)
    response = app.wsgi_app(environ, lambda *_arguments: None)
    b"".join(response)
    response.close()
    del body, environ, response
    return body_reference()


@pytest.mark.parametrize("cookie", ["learner", "account", "known"])
@pytest.mark.parametrize("value", INVALID_VALUES)
def test_a_cookie_with_a_wrong_signature_leaves_no_reference_cycle(app, no_garbage_collection, cookie, value):
    form = "ten=minh&mat-khau=khong+phai+no"
    body_after_response(app, "/vao", form=form)  # fills caches
    assert body_after_response(app, "/vao", form=form) is None
    assert body_after_response(app, "/vao", form=form, **{cookie: value}) is None
