"""The two servers that bench/gevent_streams.py compares."""
