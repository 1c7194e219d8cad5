"""Tell the server which page a response is, for the metrics: the endpoint, which names no person."""

from __future__ import annotations

from flask import Flask, Response, request

from lms.metrics import PAGE_KEY, UNKNOWN_PAGE


def init_app(app: Flask) -> None:
    @app.after_request
    def name_page(response: Response) -> Response:
        request.environ[PAGE_KEY] = request.endpoint or UNKNOWN_PAGE
        return response
