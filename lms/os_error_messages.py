"""Why the system refused, in words for who sits at this machine: its own words are English."""

from __future__ import annotations

import errno

_REASONS = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EADDRINUSE: "đang có chương trình khác dùng",
    errno.EBUSY: "đang có chương trình khác dùng",
    errno.EEXIST: "đã có một tệp tên ấy",
    errno.EINVAL: "hệ thống không nhận tên ấy",
    errno.EIO: "đĩa đọc hay ghi không được",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.ELOOP: "liên kết dẫn vòng quanh",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ENOENT: "không thấy",
    errno.ENOTDIR: "không phải thư mục",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EROFS: "đĩa chỉ cho đọc",
}


# What SQLite and PostgreSQL say, and it means.
_SAID = {
    "unable to open database file": "không mở được tệp ấy, bác xem lại thư mục và quyền ghi",
    "attempt to write a readonly database": "tệp ấy chỉ cho đọc",
    "file is not a database": "tệp ấy không phải cơ sở dữ liệu",
    "database is locked": "đang có chương trình khác giữ tệp ấy",
    "disk is full": "đĩa đã đầy",
    "Connection refused": "không có máy chủ nào nhận ở địa chỉ và cổng ấy",
    "Name or service not known": "không thấy máy chủ tên ấy",
    "could not translate host name": "không thấy máy chủ tên ấy",
    "failed to resolve host": "không thấy máy chủ tên ấy",
    "authentication failed": "sai tên hoặc mật khẩu",
    "no password supplied": "chưa ghi mật khẩu",
    "does not exist": "máy chủ không có cơ sở dữ liệu hay người dùng tên ấy",
    "timeout": "máy chủ quá lâu không trả lời",
}


def reason_of_database(said: str) -> str:
    """What a database said in Vietnamese, its address before it as it was; all as it was where nobody has put it so."""
    meant = next((words for english, words in _SAID.items() if english in said), None)
    where, _, why = said.partition(": ")
    return said if meant is None else f"{where}: {meant}" if why else meant


def reason_of(error: OSError) -> str:
    """A few words for ``error``: the system's own, quoted, where nobody has put it into Vietnamese."""
    return _REASONS.get(error.errno or 0) or f"hệ thống báo “{error.strerror or error}”"
