"""No user and no password of a proxy leaves a server, and none passes the reader."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from inventory.collectors.proxies import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Known

HIDDEN = "Tr0ub4dor"
LINES = f"""\
http_proxy=http://me:{HIDDEN}@proxy-1:3128
export https_proxy="http://me:p@{HIDDEN}@proxy-2:3128/"
  "http-proxy": "http://{HIDDEN}:x@proxy-3:80",
Acquire::http::Proxy "http://u:{HIDDEN}@proxy-4:3128/";
proxy=me:{HIDDEN}@proxy-5
https-proxy:u:{HIDDEN}@proxy-6
proxy_password={HIDDEN}
proxy_username={HIDDEN}
http_proxy=http://proxy-7:3128 password={HIDDEN}
curl -x http://u:{HIDDEN}@proxy-8 http_proxy=1
# http_proxy=http://{HIDDEN}@proxy-9
ftp_proxy=http://proxy-10:3128
"""
"""Every way in which somebody may have written one."""


def read(text: str) -> set[str]:
    """Return the addresses that the reader makes of an answer."""
    (told,) = COLLECTOR.read(Answer(text=text))
    assert isinstance(told.fact, Known)
    return {each.address for each in told.fact.value}


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox", "ksh"])
def test_the_server_itself_leaves_users_and_passwords_out(shell: str, tmp_path: Path) -> None:
    """Nothing of them is sent, and the proxies are known all the same."""
    found = shutil.which(shell)
    if not found:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "environment").write_text(LINES)
    script = COLLECTOR.script.replace(" /etc/environment ", f" {tmp_path}/environment ")
    said = subprocess.run(
        [found, "sh"] if shell == "busybox" else [found],
        input=script,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert HIDDEN not in said
    assert {
        "http://***@proxy-1:3128",
        "http://***@proxy-2:3128/",
        "http://***@proxy-3:80",
        "http://***@proxy-4:3128/",
        "http://proxy-10:3128",
    } <= read(said)


def test_the_reader_leaves_them_out_once_more() -> None:
    """An answer that came another way gives them away no more than one of ours."""
    text = "".join(f"/etc/environment:{line}\n" for line in LINES.splitlines())
    assert not any(HIDDEN in address for address in read(text))
