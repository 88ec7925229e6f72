"""What runs on a server of the demo: the real software where it is installed, else a stand-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from migrate.demo.fleet_needs import installed
from migrate.demo.fleet_plan import PORTS, Role

HERE: Final = Path(__file__).parent
SSHD: Final = "/usr/sbin/sshd -D -e -f /etc/ssh/sshd_config"


@dataclass(frozen=True, kw_only=True)
class Software:
    """What a server runs for its role."""

    commands: tuple[str, ...]
    """Shell commands that stay in the foreground; the server starts each."""
    files: dict[str, str]
    """Path on the server, without the leading slash → text."""
    packages: tuple[str, ...]
    """Beginnings of the names of the packages that it comes from."""
    stand_in: str | None = None
    """Name of the software that is missing here and is stood in for; None when it is real."""


def software(role: Role, *, stand_in: bool = False) -> Software:
    """Choose what a role runs on this machine; with ``stand_in``, as if nothing were installed."""
    if role is Role.APPLICATION:
        return _application()
    made = None if stand_in or role not in _REAL else _REAL[role]()
    return made or _stand_in(role)


def _web() -> Software | None:
    nginx = installed("nginx")
    if nginx is None:
        return None
    return Software(
        commands=(f"mkdir -p /var/log/nginx /var/lib/nginx; exec {nginx} -g 'daemon off;'",),
        files={"etc/nginx/nginx.conf": _NGINX},
        packages=("nginx", "libnginx"),
    )


def _application() -> Software:
    arguments = f"{PORTS[Role.APPLICATION]} db-1:{PORTS[Role.DATABASE]} cache-1:{PORTS[Role.CACHE]}"
    shop = f"{installed('python3')} -S /opt/shop/shop.py {arguments}"
    return Software(
        commands=(f"exec setpriv --reuid 33 --regid 33 --clear-groups {shop}",),
        files={"opt/shop/shop.py": (HERE / "shop.py").read_text(encoding="utf-8")},
        packages=(),
    )


def _database() -> Software | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found or "\npostgres:" not in Path("/etc/passwd").read_text(encoding="utf-8"):
        return None
    binaries = found[-1].parent
    data = f"/var/lib/postgresql/{binaries.parent.name}/main"
    as_postgres = "setpriv --reuid postgres --regid postgres --clear-groups env -i LC_ALL=C"
    options = "-c listen_addresses='*' -c fsync=off -c unix_socket_directories=/tmp"
    steps = (
        f"install -d -o postgres -g postgres -m 700 {data}",
        "cd /",
        f"{as_postgres} {binaries}/initdb -D {data} --auth trust --no-sync --locale C",
        f"echo 'host all all 10.77.0.0/24 trust' >>{data}/pg_hba.conf",
        f"exec {as_postgres} {binaries}/postgres -D {data} {options}",
    )
    return Software(
        commands=(" && ".join(steps),),
        files={},
        packages=("postgresql",),
    )


def _cache() -> Software | None:
    redis = installed("redis-server")
    if redis is None:
        return None
    port = PORTS[Role.CACHE]
    return Software(
        commands=(
            f"exec {redis} --bind 0.0.0.0 --port {port} --protected-mode no --save '' --dir /tmp",
        ),
        files={},
        packages=("redis",),
    )


def _stand_in(role: Role) -> Software:
    path = "opt/decant-demo/stand_in.py"
    return Software(
        commands=(f"exec {installed('python3')} -S /{path} {PORTS[role]}",),
        files={path: (HERE / "stand_in.py").read_text(encoding="utf-8")},
        packages=(),
        stand_in=_USUAL[role],
    )


_REAL: Final[dict[Role, Callable[[], Software | None]]] = {
    Role.WEB: _web,
    Role.DATABASE: _database,
    Role.CACHE: _cache,
}
_USUAL: Final = {
    Role.WEB: "nginx",
    Role.DATABASE: "PostgreSQL",
    Role.CACHE: "Redis",
    Role.FILES: "NFS",
}
_NGINX: Final = f"""\
user www-data;
worker_processes 1;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    upstream shop {{
        server app-1:{PORTS[Role.APPLICATION]};
        keepalive 4;
    }}
    server {{
        listen {PORTS[Role.WEB]} default_server;
        location / {{
            proxy_pass http://shop;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"""
