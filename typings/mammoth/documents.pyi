from typing import Any

class Paragraph:
    children: list[Any]
    numbering: Any
    style_name: str | None

class Run:
    children: list[Any]

class Hyperlink:
    children: list[Any]

class Table:
    children: list[Any]

class TableRow:
    children: list[Any]

class Text:
    value: str

class Checkbox:
    checked: bool

class Break: ...
class Tab: ...
class Image: ...
class NoteReference: ...
