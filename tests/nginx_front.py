"""nginx in front of workers, with the configuration of deploy/, and clients that trust its certificate."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.browser.site_process import stop_process
from tests.live.raw_http import TIMEOUT_SECONDS, HttpResponse, wait_until

DEPLOY = Path(__file__).parents[1] / "deploy"
HOST = "hoc.example"  # of deploy/nginx.conf
TEMP_FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")  # nginx makes all of them, used or not


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Front:
    """nginx with deploy/nginx.conf, of which only ports and paths were changed."""

    folder: Path
    http: int
    https: int

    def get(self, path: str, **headers: str) -> HttpResponse:
        connection = HTTPSConnection("127.0.0.1", self.https, timeout=TIMEOUT_SECONDS, context=trusting())
        connection.request("GET", path, headers={"Host": HOST, **headers})
        response = connection.getresponse()
        result = HttpResponse(
            response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        )
        connection.close()
        return result

    def logs(self) -> str:
        return "\n".join(path.read_text("utf-8", "replace") for path in sorted(self.folder.glob("*.log")))


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def write_certificate(folder: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    (folder / "fullchain.pem").write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@contextmanager
def nginx(folder: Path, workers: list[str]) -> Iterator[Front]:
    folder.chmod(0o755)
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert program, "nginx is needed: see tests/machine.sh"
    http, https = free_port(), free_port()
    changes = {
        "127.0.0.1:8001": workers[0], "127.0.0.1:8002": workers[1],
        "listen 80 ": f"listen 127.0.0.1:{http} ", "listen 443 ": f"listen 127.0.0.1:{https} ",
        "/run/nginx.pid": f"{folder}/nginx.pid", "/var/log/nginx/": f"{folder}/",
        "/var/cache/nginx/lms": f"{folder}/cache", "/etc/nginx/tls/": f"{folder}/",
        "user www-data;": "user root;" if os.geteuid() == 0 else "",
    }  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text()
    for shipped, here in changes.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    text = re.sub(r"^ +listen \[::\].*\n", "", text, flags=re.MULTILINE)
    text = re.sub(
        r"^http \{$",
        "http {\n" + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in TEMP_FOLDERS),
        text, flags=re.MULTILINE,
    )  # fmt: skip
    (folder / "nginx.conf").write_text(text)
    write_certificate(folder)
    command = [program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        wait_until(lambda: process.poll() is not None or accepts(https))
        yield Front(folder, http, https)
    finally:
        stop_process(process)


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
