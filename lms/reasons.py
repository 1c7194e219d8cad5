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


def reason_of(error: OSError) -> str:
    """A few words for ``error``: the system's own, quoted, where nobody has put it into Vietnamese."""
    return _REASONS.get(error.errno or 0) or f"hệ thống báo “{error.strerror or error}”"
