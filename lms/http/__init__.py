"""What Flask pages and ASGI endpoints share: error texts, the learner cookie, form parsing, the same-origin check."""
