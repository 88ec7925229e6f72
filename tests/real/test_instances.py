"""What real servers of applications say of what they consist of."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from store.postgresql import programs

from inventory.discovery.answers import answers_of, questions_of
from inventory.discovery.compose import compose
from inventory.model.collector import Answer, Collector
from inventory.model.fact import FactKey, Known, Reason, Unknown
from inventory.model.instances import NGINX_SITES, POSTGRESQL, Instance, InstanceKind
from inventory.registry import Registry

COLLECTORS = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
PATIENCE = 20


def ask(
    name: str, key: FactKey[tuple[Instance, ...]], *before: str
) -> tuple[tuple[Instance, ...], str]:
    """Ask this machine one question, ``before`` standing before the shell; return what it said."""
    asked = {name: COLLECTORS.one(name).value}
    script = compose(questions_of(asked), boundary="0123456789abcdef", question_seconds=PATIENCE)
    said = subprocess.run(
        [*before, "sh", "-s"], input=script.encode(), capture_output=True, check=True, timeout=60
    ).stdout
    answer = answers_of(said, asked, Unknown(reason=Reason.UNREACHABLE))[name]
    assert isinstance(answer, Answer)
    (fact,) = (each.fact for each in asked[name].read(answer) if each.key == key)
    assert isinstance(fact, Known)
    return fact.value, answer.text


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def cluster() -> Iterator[tuple[Path, int]]:
    """Run PostgreSQL with its socket where packages of PostgreSQL's own put it."""
    found = programs()
    if os.getuid() != 0:
        pytest.skip("only root may ask a cluster as postgres")
    if found is None or "postgres" not in {each.pw_name for each in pwd.getpwall()}:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="decant-pg-"))
    shutil.chown(folder, "postgres")
    data, port = folder / "data", free_port()
    make = [found / "initdb", "--no-sync", "--auth=trust", "--username=postgres", data]
    subprocess.run(make, check=True, cwd=folder, stdout=subprocess.DEVNULL, user="postgres")
    run = [found / "postgres", "-D", data, "-k", "/tmp", "-p", str(port), "-F"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*run, "-c", "listen_addresses=", "-c", "log_statement=all"],
            cwd=folder,
            stderr=log,
            user="postgres",
        )
    try:
        sql(found, port, "create database shop")
        yield folder, port
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(PATIENCE)
        shutil.rmtree(folder)


def sql(folder: Path, port: int, statement: str) -> None:
    """Run a statement as soon as the cluster lets us."""
    deadline = time.monotonic() + PATIENCE
    psql = [folder / "psql", "-h", "/tmp", "-p", str(port), "-U", "postgres", "-c", statement]
    while subprocess.run(psql, capture_output=True, check=False).returncode:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.postgresql
def test_a_real_cluster_tells_its_databases_with_sizes(cluster: tuple[Path, int]) -> None:
    """Its release, folder and port, and every database that people made, each with its size."""
    folder, port = cluster
    found, _ = ask("postgresql", POSTGRESQL)
    (server,) = (each for each in found if each.ports == (f"{port}/tcp",))
    assert server.kind is InstanceKind.SERVER
    assert server.path == server.name == f"{folder}/data"
    assert server.version is not None
    assert server.version[0].isdigit()
    assert server.detail("role") == ("primary",)
    databases = {each.name: each for each in found if each.of == server.name}
    assert set(databases) == {"postgres", "shop"}
    sizes = [each.size_bytes or 0 for each in databases.values()]
    assert min(sizes) > 1_000_000


@pytest.mark.postgresql
def test_a_real_cluster_is_only_read(cluster: tuple[Path, int]) -> None:
    """Whatever it is asked begins with select; its sessions could not write anyway."""
    folder, _ = cluster
    before = (folder / "log").read_text()
    ask("postgresql", POSTGRESQL)
    log = (folder / "log").read_text()[len(before) :]
    statements = [
        line.partition("statement: ")[2] for line in log.splitlines() if "statement:" in line
    ]
    assert len(statements) == 5
    assert {each.split(" ", 1)[0] for each in statements} == {"select"}


NGINX = """\
daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b;
  fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  log_format odd '{{"x": "}}"; # {{';
  upstream app {{ server 127.0.0.1:9; server 127.0.0.2:9; }}
  # server {{ listen 1; server_name no.example; }}
  server {{
    listen 127.0.0.1:{port}; server_name www.example.gov.uk
      example.gov.uk;
    root {folder}/site;# its pages; all of them
    location /app {{ proxy_pass http://app/x?token=Tr0ub4dor; proxy_set_header A "Tr0ub4dor"; }}
    location /old {{ proxy_pass http://127.0.0.3:9; }}
  }}
  server {{ listen 127.0.0.1:{port} default_server; return 404; }}
}}
"""


@contextmanager
def nginx(folder: Path, port: int) -> Iterator[None]:
    """Run nginx on a configuration of the test's own."""
    (folder / "site").mkdir()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    (folder / "conf.d").mkdir()
    process = subprocess.Popen(
        ["nginx", "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + PATIENCE
        with socket.socket() as one:
            while one.connect_ex(("127.0.0.1", port)):
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@pytest.mark.namespaces
def test_a_configuration_that_nginx_runs_on_is_read_as_nginx_reads_it(tmp_path: Path) -> None:
    """Names, ports, folders and targets are found among comments, quotes and odd layouts.

    nginx runs on the very file, so it is one that nginx accepts. No secret of it is sent.
    """
    if os.getuid() != 0 or not shutil.which("nginx") or not shutil.which("unshare"):
        pytest.skip("only root with nginx and unshare can lay a configuration over /etc/nginx")
    if not Path("/etc/nginx").is_dir():
        pytest.skip("there is no /etc/nginx to lay a configuration over")
    port = free_port()
    with nginx(tmp_path, port):
        laid = ("unshare", "--mount", "sh", "-c", f'mount --bind {tmp_path} /etc/nginx; exec "$@"')
        found, said = ask("nginx", NGINX_SITES, *laid, "laid")
    assert "Tr0ub4dor" not in said
    assert "log_format" not in said
    named, default = found
    assert named.name == "www.example.gov.uk"
    assert named.detail("also called") == ("example.gov.uk",)
    assert named.ports == default.ports == (f"{port}/tcp",)
    assert named.path == f"{tmp_path}/site"
    assert named.detail("passes to") == (
        "http://127.0.0.1:9/x",
        "http://127.0.0.2:9/x",
        "http://127.0.0.3:9",
    )
    assert default.name == f"default on {port}/tcp"
