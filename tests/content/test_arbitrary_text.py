"""Arbitrary text gives a lesson, or problems with positions inside the file, but never a traceback."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.course_page import read_course_page
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use

TODAY = date(2026, 11, 25)

LINES = """---
tên: Bài
phút: 5
name: x
tóm tắt: y
kiểm tra ngày: 2026-11-01
nguồn:
  - a
màu: #2f4f5f
## Mục
### Con
＃＃ Mục
##Sát
Chữ thường.
- a
  - b
1. một
2) hai
> trích
    mã
```
~~~
::: hỏi
::: hỏi đúng dấu
::: sắp xếp
::: ghép
::: thăm dò
::: mẹo
::: hòi
:::
：：：
::::
:: mẹo
- [ ] sai
- [x] đúng
- [X]
- [ x] lạ
-[ ] sát
［x］
= 10..12
= 5…4
= a
? gợi ý
+ đúng
%% ghi chú
  %%
  > vì
- trái = phải
- a=b
![a](b.png)
![](x y.png)
[l](javascript:x)
[l](../a)
<b>
<!--
| a | b |
|---|---|
a < b
[r]: http://a
===
`
&lt;
back\\\\slash
"""
PIECES = [*LINES.split("\n"), "\t- tab", "\ufeff", "\r", "\x00", "\u2028", "\u200b", "a\u0301", "*" * 9, "[" * 9]

typed = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=30).map("\n".join)
anything = st.one_of(st.text(), typed, typed.map(lambda body: "---\ntên: Bài\nphút: 5\n---\n" + body))


def course_page(text: str, path: str):
    page, _, problems = read_course_page(text, path, today=TODAY)
    return page, problems


@pytest.mark.slow
@pytest.mark.parametrize("read", [read_understand, read_use, course_page])
@given(text=anything)
@settings(deadline=None)
def test_problems_point_into_the_file(read, text):
    content, problems = read(text, "bai.md")
    lines = text.split("\n")
    for problem in problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.message.endswith((".", "?"))
        json.dumps(problem.as_json()).encode()
    assert (content is None) == any(problem.level == "error" for problem in problems)


@pytest.mark.slow
@given(text=anything)
@settings(deadline=None)
def test_reading_twice_gives_the_same(text):
    assert read_understand(text, "hieu.md") == read_understand(text, "hieu.md")
