"""What Flask pages and ASGI endpoints share: the learner cookie and the same-origin check. Knows neither of them."""
