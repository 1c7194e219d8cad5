"""Answers that the server gave and no browser got, as when a connection dies."""

from __future__ import annotations

from playwright.sync_api import Page, Route


def lose_first_answer_to_a_save(page: Page) -> None:
    """Let the first request that saves reach the server, and its answer nobody."""
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if "luu" not in (route.request.post_data or "") or lost:
            return route.continue_()
        lost.append(route)
        route.fetch()
        return route.abort()

    page.route("**/*", lose)
