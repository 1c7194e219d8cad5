"""The baseline of pages and posts: a minimal Flask application behind a2wsgi, under uvicorn like the site.

``GET /page`` reads one row and renders one template with 60 items, BENCH_BYTES bytes in all. ``POST /row`` commits one
row, as durably as the site does. ``uvicorn bench.bare_flask:create --factory`` runs it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask, g, render_template, request
from jinja2 import DictLoader

THREADS = 32  # as many as the site has for forms; a number of its own, so that the yardstick stays the same
ITEMS = 60
_LAYOUT = (
    "<!doctype html><html lang=vi><title>{% block title %}{% endblock %}</title><body>{% block main %}{% endblock %}"
)
_PAGE = """{% extends "layout.html" %}
{% block title %}{{ name }}{% endblock %}
{% block main %}<h1>{{ name }}</h1><ul>
{% for item in items %}<li class="item"><a href="/item/{{ item.number }}">{{ item.text }}</a></li>
{% endfor %}</ul><p>{{ filler }}</p>{% endblock %}"""


def create() -> WSGIMiddleware:
    # a2wsgi has its own types for WSGI, which differ from those of wsgiref in what an environ is.
    app: Any = _flask(os.environ["BENCH_DATABASE"], int(os.environ["BENCH_BYTES"]))
    return WSGIMiddleware(app, workers=THREADS)


def _flask(database: str, size: int) -> Flask:
    app = Flask(__name__)
    app.jinja_env.loader = DictLoader({"layout.html": _LAYOUT, "page.html": _PAGE})
    connections = threading.local()
    items = [{"number": number, "text": f"Mục {number}"} for number in range(ITEMS)]

    def connection() -> sqlite3.Connection:
        if not hasattr(connections, "open"):
            connections.open = sqlite3.connect(database, timeout=30, isolation_level=None)
            connections.open.execute("PRAGMA journal_mode = WAL")
            connections.open.execute("PRAGMA synchronous = FULL")
        return connections.open

    connection().execute("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    connection().execute("INSERT OR IGNORE INTO rows VALUES (1, 'Kích hoạt tài khoản')")

    @app.get("/page")
    def page() -> str:
        g.name = connection().execute("SELECT text FROM rows WHERE id = 1").fetchone()[0]
        return render_template("page.html", name=g.name, items=items, filler=filler)

    @app.post("/row")
    def row() -> tuple[str, int, dict[str, str]]:
        connection().execute("BEGIN IMMEDIATE")
        connection().execute("INSERT INTO rows (text) VALUES (?)", (request.form["answer"],))
        connection().execute("COMMIT")
        return "", 303, {"Location": "/page"}

    filler = ""
    with app.test_client() as client:
        filler = "x" * max(0, size - len(client.get("/page").data))
    return app
