"""The readiness report in a real browser: it shows, asks nothing of any network, and complains not.

Chromium stands for the browsers that a reader may have.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from report_samples import HOSTILE, material, server

from migrate.reports.readiness import REPORT

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        BROWSER is None, reason="Chromium is not installed: apt-get install chromium"
    ),
]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
)
CANARY = "canary.example"


class Trap:
    """A proxy on loopback that answers nothing and notes what was asked of it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.asked: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                self.asked.append(connection.recv(4096).decode("latin-1").split("\r\n")[0])


@pytest.fixture
def trap() -> Iterator[Trap]:
    """Stand where every request of the browser would come by."""
    trap = Trap()
    yield trap
    trap.close()


def browse(
    address: str, trap: Trap, profile: Path, *flags: str
) -> subprocess.CompletedProcess[str]:
    """Open a page in a browser of its own, through the trap, and let it draw."""
    assert BROWSER
    command = (
        BROWSER,
        *FLAGS,
        f"--proxy-server=http://127.0.0.1:{trap.port}",
        "--proxy-bypass-list=<-loopback>",
        f"--user-data-dir={profile}",
        *flags,
        address,
    )
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=True)


def write(folder: Path, text: str) -> str:
    """Write a page, and return its address."""
    page = folder / "readiness.html"
    page.write_text(text, encoding="utf-8")
    return page.as_uri()


def console(stderr: str) -> list[str]:
    """Return what the page complained of."""
    return re.findall(r"CONSOLE.*", stderr)


def of_the_page(asked: list[str]) -> list[str]:
    """Leave out what the browser asks on its own account, of its maker's servers."""
    return [line for line in asked if "google" not in line and "gvt1" not in line]


def test_the_report_shows_and_asks_for_nothing(tmp_path: Path, trap: Trap) -> None:
    """The summary is there, the controls work, no script of a server's name has run."""
    page = write(tmp_path, REPORT.formats["html"](material(name=HOSTILE)))
    seen = browse(page, trap, tmp_path / "profile", "--dump-dom")
    assert "Decant found <strong>6 servers</strong>" in seen.stdout
    assert '<p id="shown" role="status">6 of 6 servers shown</p>' in seen.stdout
    assert "<script>alert" not in seen.stdout
    assert console(seen.stderr) == []
    assert of_the_page(trap.asked) == []


def test_the_trap_sees_what_a_page_asks(tmp_path: Path, trap: Trap) -> None:
    """A page that does ask is caught, so that silence above means something."""
    page = write(tmp_path, f'<!DOCTYPE html><img src="http://{CANARY}/pixel.png">')
    browse(page, trap, tmp_path / "profile", "--dump-dom")
    assert any(CANARY in line for line in of_the_page(trap.asked))


def test_the_policy_stops_what_would_ask(tmp_path: Path, trap: Trap) -> None:
    """Were an element that loads something to slip into the report, the browser would refuse it."""
    html = REPORT.formats["html"](material())
    slipped = html.replace("</main>", f'<img src="http://{CANARY}/pixel.png"></main>')
    seen = browse(write(tmp_path, slipped), trap, tmp_path / "profile", "--dump-dom")
    assert of_the_page(trap.asked) == []
    assert any("Content Security Policy" in line for line in console(seen.stderr))


def test_a_link_to_a_server_opens_its_section(tmp_path: Path, trap: Trap) -> None:
    """Whoever comes by a link finds the section open."""
    page = write(tmp_path, REPORT.formats["html"](material()))
    address = f"{page}#server-id-app-1"
    seen = browse(address, trap, tmp_path / "profile", "--dump-dom")
    opened = re.findall(r'<details class="server" data-server="([^"]+)" open', seen.stdout)
    assert opened == ["server-id-app-1"]


def test_the_table_can_be_searched_filtered_and_ordered(tmp_path: Path, trap: Trap) -> None:
    """What is typed and chosen is what is shown, in the table and in the sections below."""
    choose = """<script>
        function choose(id, value, event) {
          const field = document.getElementById(id);
          field.value = value;
          field.dispatchEvent(new Event(event));
        }
        choose("show", "unknown", "change");
        choose("find", "-1", "input");
        choose("order", "blockers", "change");
    </script></body>"""
    html = REPORT.formats["html"](material()).replace("</body>", choose)
    without_policy = re.sub(r"<meta http-equiv[^>]*>", "", html)
    seen = browse(write(tmp_path, without_policy), trap, tmp_path / "profile", "--dump-dom").stdout
    rows = re.findall(r'<tbody data-server="server-id-([^"]+)"([^>]*)>', seen)
    assert [name for name, rest in rows if "hidden" not in rest] == ["db-1", "new-1"]
    assert rows[0][0].startswith("app-1")
    sections = re.findall(r'<details class="server" data-server="server-id-([^"]+)"([^>]*)>', seen)
    assert {name for name, rest in sections if "hidden" not in rest} == {"db-1", "new-1"}
    assert "2 of 6 servers shown" in seen


def test_an_opened_verdict_shows_why_and_who_says_so(tmp_path: Path, trap: Trap) -> None:
    """The rule's reason, effort and source, told once in the page, stand by the finding too."""
    opening = """<script>
        for (const each of document.querySelectorAll("[data-server=server-id-app-1] .why")) {
          each.open = true;
        }
    </script></body>"""
    html = REPORT.formats["html"](material()).replace("</body>", opening)
    without_policy = re.sub(r"<meta http-equiv[^>]*>", "", html)
    seen = browse(
        write(tmp_path, without_policy), trap, tmp_path / "profile", "--dump-dom", "--timeout=5000"
    ).stdout
    server = seen.split('<details class="server" data-server="server-id-app-1"')[1]
    found = server.split('<ul class="findings">')[1].split("</ul>")[0]
    for words in ("Secure Boot is on", "Turn it off", "would not start", "1 February 2023"):
        assert words in found
    assert "#rule-" not in found


def test_a_long_table_begins_with_a_hundred_servers(tmp_path: Path, trap: Trap) -> None:
    """A search goes over all; those that fit are shown a hundred at a time, or all on demand."""
    many = tuple(server(f"server-{number:03}") for number in range(150))
    large = replace(material(), servers=many, verdicts=(), plan=None)
    page = write(tmp_path, REPORT.formats["html"](large))
    seen = browse(page, trap, tmp_path / "profile", "--dump-dom").stdout
    assert "150 of 150 servers, the first 100 of them shown" in seen
    rows = re.findall(r'<tbody data-server="[^"]+"([^>]*)>', seen)
    assert len([each for each in rows if "hidden" not in each]) == 100
    linked = browse(f"{page}#server-id-server-149", trap, tmp_path / "profile", "--dump-dom").stdout
    section = re.findall(r'data-server="server-id-server-149"([^>]*)>', linked)[-1]
    assert "open" in section
    assert "hidden" not in section


def test_applications_can_be_searched(tmp_path: Path, trap: Trap) -> None:
    """An application is found by its server's name; the others are hidden."""
    choose = """<script>
        const field = document.getElementById("find-application");
        field.value = "DB-1";
        field.dispatchEvent(new Event("input"));
    </script></body>"""
    html = REPORT.formats["html"](material()).replace("</body>", choose)
    without_policy = re.sub(r"<meta http-equiv[^>]*>", "", html)
    seen = browse(write(tmp_path, without_policy), trap, tmp_path / "profile", "--dump-dom").stdout
    assert "1 of 2 applications shown" in seen
    found = re.findall(r'<details class="application" data-words="([^"]*)"([^>]*)>', seen)
    assert [words.split()[0] for words, rest in found if "hidden" not in rest] == ["payroll"]


def test_the_report_prints(tmp_path: Path, trap: Trap) -> None:
    """Printing unfolds the sections: six servers take more than five pages."""
    page = write(tmp_path, REPORT.formats["html"](material()))
    pdf = tmp_path / "readiness.pdf"
    browse(page, trap, tmp_path / "profile", f"--print-to-pdf={pdf}")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", pdf.read_bytes())) > 5
