"""The report of a class (/dung-lop/<class>/bao-cao)."""
