"""What `make bench` measures: every figure beside its bar."""
