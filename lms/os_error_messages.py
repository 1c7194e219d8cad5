"""Vietnamese messages for errors of the operating system and the database."""

from __future__ import annotations

import errno

_OS_MESSAGES = {
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


# By a part of the message of SQLite or PostgreSQL.
_DATABASE_MESSAGES = {
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


def database_error_message(message: str) -> str:
    """Translate a database error. A leading address is kept; an unknown message is returned unchanged."""
    translated = next((text for english, text in _DATABASE_MESSAGES.items() if english in message), None)
    address, _, reason = message.partition(": ")
    return message if translated is None else f"{address}: {translated}" if reason else translated


def os_error_message(error: OSError) -> str:
    """Translate an ``OSError``; an unknown one is quoted in English."""
    return _OS_MESSAGES.get(error.errno or 0) or f"hệ thống báo “{error.strerror or error}”"
