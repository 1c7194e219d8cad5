"""The two servers of bench/gevent_streams.py."""
