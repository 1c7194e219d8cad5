"""The facilitator's desk (/dung-lop)."""
