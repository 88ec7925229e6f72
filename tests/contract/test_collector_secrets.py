"""No secret of a command line leaves a server, and none passes the reader."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.collectors import jobs, package_sources
from inventory.collectors._secrets import filtered, sed_program, without_secrets
from inventory.collectors.processes import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Known
from inventory.model.parts import Process

HIDDEN = "Tr0ub4dor"
S = HIDDEN

SECRET_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("mysqld_safe", f"--password={S}"),
    ("backup", "--password", S),
    ("backup", "--password", f"-{S}"),
    ("backup", "--password", f"two words {S}"),
    ("backup", "--password", "--token", S),
    ("backup", "--PASSWORD", S),
    ("app", "--db-pass", S, "--port", "80"),
    ("app", f"--api-key={S}"),
    ("app", f"--apikey={S}", "--next"),
    ("app", "--client-secret", S),
    ("app", "--access-token", S),
    ("app", f"--pin={S}", f"-pw={S}"),
    ("mysql", "-uroot", f"-p{S}", "shop"),
    ("/usr/bin/mysqldump", f"-p{S}", "shop"),
    ("/usr/bin/mariadb-dump", f"-p{S} and more {S}"),
    ("mongosh", "-u", "root", "-p", S),
    ("sshpass", f"-p{S}", "ssh", "web-1"),
    ("sshpass", "-p", S, "ssh", "web-1"),
    ("7z", "x", f"-p{S}", "a.7z"),
    ("docker", "login", "-u", "me", "-p", S),
    ("docker", "run", "-e", f"MYSQL_ROOT_PASSWORD={S}", "mysql"),
    ("sh", "-c", f"mysql -u root -p{S} shop"),
    ("sh", "-c", f"PGPASSWORD={S} psql -h db-1"),
    ("sh", "-c", f"export PASSWORD='{S} {S}'; run"),
    ("sh", "-c", f"run --token {S} --fast"),
    ("sh", "-c", f"echo {S} | passwd --stdin root"),
    ("sh", "-c", f"echo root:{S} | chpasswd"),
    ("sh", "-c", f"echo {S} | sudo -S true"),
    ("env", f"PGPASSWORD={S}", "psql"),
    ("env", f"AWS_SECRET_ACCESS_KEY={S}", "aws", "s3", "ls"),
    ("env", f"MYSQL_PWD={S}", "mysql"),
    ("psql", f"postgresql://shop:{S}@db-1:5432/shop"),
    ("psql", f"host=db-1 user=shop password={S}"),
    ("celery", "-b", f"redis://:{S}@cache-1/0"),
    ("git", "clone", f"https://{S}@example.org/x.git"),
    ("git", "clone", f"https://me:{S}/{S}@example.org/x.git"),
    ("git", "-c", f"http.extraheader=AUTHORIZATION: basic {S}", "fetch"),
    ("rsync", "-a", f"me:{S}@files::share", "/srv"),
    ("curl", "-u", f"me:{S}", "https://example.org"),
    ("curl", f"-ume:{S}", "https://example.org"),
    ("curl", "--user", f"me:{S}", "https://example.org"),
    ("curl", "-H", f"Authorization: Bearer {S}", "https://example.org"),
    ("curl", "-H", f"X-Api-Key: {S}", "https://example.org"),
    ("curl", "-b", f"id={S}", "https://example.org"),
    ("curl", "-d", f'{{"user": "me", "password": "{S}"}}', "https://example.org"),
    ("curl", f"https://example.org/?access_token={S}"),
    ("lftp", "-u", f"me,{S}", "files"),
    ("smbclient", "-U", f"me%{S}", "//files/x"),
    ("mount.cifs", "//files/x", "/mnt", "-o", f"username=me,password={S}"),
    ("sqlplus", f"scott/{S}"),
    ("sqlplus", f"scott/{S}@ORCL"),
    ("rman", "target", f"sys/{S}@ORCL"),
    ("java", f"-Durl=jdbc:oracle:thin:scott/{S}@//db-1:1521/x", "-jar", "app.jar"),
    ("java", f"-Djavax.net.ssl.keyStorePassword={S}", "-jar", "app.jar"),
    ("java", "-jar", "app.jar", f"--spring.datasource.password={S}"),
    ("keytool", "-storepass", S),
    ("sqlcmd", "-S", "db-1", "-U", "sa", "-P", S),
    ("bcp", "x", "out", "y", f"-P{S}"),
    ("ldapsearch", "-x", "-D", "cn=admin", "-w", S),
    ("snmpget", "-v2c", "-c", S, "switch-1"),
    ("snmpwalk", "-v3", "-A", S, "-X", S),
    ("ipmitool", "-H", "bmc-1", "-U", "admin", "-P", S, "power", "status"),
    ("redis-cli", "-a", S),
    ("redis-cli", "AUTH", S),
    ("redis-server", "--requirepass", S),
    ("redis-server", "--masterauth", S),
    ("rabbitmqctl", "add_user", "me", S),
    ("rabbitmqctl", "change_password", "me", S),
    ("mysqladmin", "password", S),
    ("htpasswd", "-b", "users", "me", S),
    ("openssl", "enc", "-aes-256-cbc", "-k", S),
    ("openssl", "enc", "-pass", f"pass:{S}"),
    ("gpg", "--batch", "--passphrase", S),
    ("ssh-keygen", "-N", S, "-f", "key"),
    ("plink", "-pw", S, "web-1"),
    ("xfreerdp", "/u:me", f"/p:{S}", "/v:win-1"),
    ("nmcli", "connection", "modify", "x", "802-11-wireless-security.psk", S),
    ("aws", "configure", "set", "aws_secret_access_key", S),
    ("az", "login", "-u", "me", "-p", S),
    ("kubectl", "create", "secret", "generic", "db", f"--from-literal=x={S}"),
    ("vault", "kv", "put", "kv/db", f"value={S}"),
    ("mosquitto_pub", "-u", "me", "-P", S),
    ("expect", "-c", f'send "{S}"'),
    ("agent", f"glpat-{S}{S}"),
    ("agent", f"ghp_{S}{S}"),
    ("agent", f"eyJhbGciOiJI.{S}.{S}"),
    ("agent", f"Endpoint=sb://x/;SharedAccessKey={S}"),
)

HARMLESS_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("/usr/sbin/nginx", "-g", "daemon on; master_process on;"),
    ("/usr/lib/postgresql/15/bin/postgres", "-D", "/var/lib/postgresql/15/main", "-p", "5432"),
    ("postgres: shop shop 10.0.0.4(40112) idle",),
    ("/usr/bin/redis-server 127.0.0.1:6379",),
    ("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups",),
    ("java", "-Xmx4g", "-classpath", "/opt/a.jar:/opt/b.jar", "org.elasticsearch.Server"),
    ("java", "-Dcatalina.base=/var/lib/tomcat9", "org.apache.catalina.startup.Bootstrap"),
    ("/usr/bin/python3", "-m", "gunicorn", "--bind", "0.0.0.0:8000", "shop.wsgi:app"),
    ("/usr/sbin/mysqld", "--datadir=/var/lib/mysql", "--port=3306"),
    ("node", "/srv/app/server.js", "--port", "3000"),
)


def line(pid: int, command: tuple[str, ...]) -> str:
    """Write a command line as the server's script sees it before anything is left out."""
    return f"/proc/{pid}/cmdline:" + "".join(f"{argument}\t" for argument in command)


def seds() -> list[list[str]]:
    """Return the seds that are here: the system's, and BusyBox's."""
    found = [["sed"]]
    busybox = shutil.which("busybox")
    return [*found, [busybox, "sed"]] if busybox else found


@pytest.mark.parametrize("command", SECRET_COMMANDS, ids=" ".join)
def test_the_reader_leaves_out_every_secret(command: tuple[str, ...]) -> None:
    """What looks like a secret does not pass the reader, whichever way the answer came."""
    told = without_secrets(line(1, command))
    assert HIDDEN not in told
    assert told.startswith(f"/proc/1/cmdline:{command[0]}")


@pytest.mark.parametrize("command", HARMLESS_COMMANDS, ids=" ".join)
def test_harmless_commands_stay_as_they_are(command: tuple[str, ...]) -> None:
    """What applications are recognised by is not lost."""
    assert without_secrets(line(1, command)) == line(1, command)


@pytest.mark.parametrize("sed", seds(), ids=" ".join)
def test_the_server_leaves_out_what_the_reader_leaves_out(sed: list[str]) -> None:
    """The same rules, run by sed, give the same lines as the reader's: nothing is sent."""
    lines = [line(pid, each) for pid, each in enumerate(SECRET_COMMANDS + HARMLESS_COMMANDS)]
    done = subprocess.run(
        [*sed, "-E", sed_program()],
        input="\n".join(lines) + "\n",
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert done.stdout.splitlines() == [without_secrets(each) for each in lines]
    assert HIDDEN not in done.stdout


def shells() -> list[list[str]]:
    """Return the shells that are here."""
    wanted = {"dash": [], "bash": [], "ksh": [], "busybox": ["sh"]}
    found = {name: shutil.which(name) for name in wanted}
    return [[path, *wanted[name]] for name, path in found.items() if path]


@pytest.mark.parametrize("shell", shells(), ids=" ".join)
def test_a_shell_that_looks_first_leaves_out_the_same(shell: list[str]) -> None:
    """No line with a secret passes for harmless, however few the lines are."""
    lines = [line(pid, each) for pid, each in enumerate(SECRET_COMMANDS + HARMLESS_COMMANDS)]
    asked = "\n".join(f"said={shlex.quote(each)}\n{filtered('said')}" for each in lines)
    done = subprocess.run(
        [*shell, "-s"],
        input=asked,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == [without_secrets(each) for each in lines]


def test_what_is_harmless_costs_no_process() -> None:
    """Where no rule could find anything, nothing is started."""
    said = "/etc/crontab:17 * * * *\troot\tcd / && run-parts --report /etc/cron.hourly"
    done = subprocess.run(
        ["sh", "-s"],
        input=f"PATH=/nowhere\nsaid={shlex.quote(said)}\n{filtered('said')}",
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (f"{said}\n", "")


@pytest.fixture
def careless_process() -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that has a secret in its command line, and a line break before another."""
    wait = "import sys; sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", wait, "--password", HIDDEN, f"first\nsecond {HIDDEN}"],
        stdin=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.communicate(timeout=10)


def ask_for_processes(
    *, before: str = "", proc: bool = True, otherwise: tuple[str, str] = ("", "")
) -> str:
    """Ask this machine for its processes; without ``proc`` as if it had no such folder."""
    script = COLLECTOR.script if proc else COLLECTOR.script.replace("/proc/1/", "/nowhere/")
    assert otherwise[0] in script
    script = script.replace(*otherwise) if otherwise[0] else script
    return subprocess.run(
        ["sh", "-s"],
        input=f'privileged() {{ "$@"; }}\n{before}\n{script}',
        env={"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SUDO": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout


def seen(said: str) -> dict[int, Process]:
    """Return the processes that an answer tells of."""
    (observation,) = COLLECTOR.read(Answer(text=said, exit_status=0))
    assert isinstance(observation.fact, Known)
    return {each.pid: each for each in observation.fact.value}


@pytest.mark.parametrize(
    "otherwise",
    [("-gt 20", "-gt 100000"), ("-gt 20", "-gt 0"), ("sed -snE", "false")],
    ids=["few", "many", "an old sed"],
)
def test_a_real_server_sends_no_secret(
    careless_process: subprocess.Popen[bytes], otherwise: tuple[str, str]
) -> None:
    """What the question brings back of a running process does not hold its secret."""
    said = ask_for_processes(otherwise=otherwise)
    assert HIDDEN not in said
    told = seen(said)[careless_process.pid]
    assert told.command_line.endswith("--password *** first")
    assert told.started_at is not None
    assert told.memory_bytes
    assert told.cpu_seconds is not None


def test_ps_sends_no_secret_either(careless_process: subprocess.Popen[bytes]) -> None:
    """Where there is no /proc, ps tells of the same process, without its secret."""
    said = ask_for_processes(proc=False)
    assert "@@ ps" in said
    assert HIDDEN not in said
    assert seen(said)[careless_process.pid].command_line.endswith("--password ***")


def test_an_old_sed_costs_the_arguments(careless_process: subprocess.Popen[bytes]) -> None:
    """Where sed does not understand the rules, no argument is sent at all."""
    said = ask_for_processes(proc=False, before="sed() { return 1; }")
    assert HIDDEN not in said
    assert "--password" not in said
    assert seen(said)[careless_process.pid].name.startswith("python")


CRONTAB = f"""
# the old password was {HIDDEN}
  # {HIDDEN}
MAILTO=me@example.org
DB=scott/{HIDDEN}
17 * * * * root backup --password {HIDDEN}
@daily root curl -u me:{HIDDEN} https://example.org
* * * * * root run-parts /etc/cron.hourly
"""


@pytest.mark.parametrize(
    "spool", ["var/spool/cron/crontabs", "var/spool/cron/tabs", "var/spool/cron"]
)
def test_no_secret_of_a_crontab_leaves_the_server(spool: str, tmp_path: Path) -> None:
    """Comments and assignments stay there, at's environments too, and commands are redacted."""
    for folder in ("etc/cron.d", spool, "var/spool/cron/atjobs"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    for file in ("etc/crontab", "etc/cron.d/shop", f"{spool}/shop"):
        (tmp_path / file).write_text(CRONTAB)
    (tmp_path / "var/spool/cron/atjobs/a0000101c1b2f4").write_text(f"1 TOKEN={HIDDEN}\n")
    script = jobs.COLLECTOR.script.replace("/etc/cron", f"{tmp_path}/etc/cron")
    script = script.replace("/var/spool", f"{tmp_path}/var/spool")
    done = subprocess.run(
        ["sh", "-s"],
        input=f'privileged() {{ "$@"; }}\n{script}',
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert HIDDEN not in done.stdout
    assert done.stdout.count("root run-parts /etc/cron.hourly") == 3
    assert done.stdout.count("root backup --password ***") == 3
    assert "\na0000101c1b2f4\n" in done.stdout


def test_no_credential_of_a_repository_leaves_the_server(tmp_path: Path) -> None:
    """Neither in an address, nor in an option, nor in a comment."""
    token = f"{HIDDEN}0123456789abcdef0123456789abcdef"
    (tmp_path / "sources.list").write_text(
        f"# {HIDDEN}\n"
        f"deb https://me:{HIDDEN}@one.example.org/apt stable main\n"
        f"deb https://me:{HIDDEN}/{HIDDEN}@two.example.org/apt stable main\n"
        f"deb https://three.example.org/priv/{token}/apt stable main\n"
    )
    (tmp_path / "shop.repo").write_text(
        f"[shop]\nbaseurl=https://{HIDDEN}@four.example.org/?key={HIDDEN}\n"
        f"username=me\npassword={HIDDEN}\nproxy=http://me:{HIDDEN}@proxy:3128\n"
    )
    script = package_sources.COLLECTOR.script
    script = script.replace("/etc/apt/sources.list ", f"{tmp_path}/sources.list ")
    script = script.replace("/etc/yum.repos.d", str(tmp_path))
    done = subprocess.run(
        ["sh", "-s"], input=script, capture_output=True, text=True, check=True, timeout=30
    )
    assert HIDDEN not in done.stdout
    for name in ("one", "two", "three", "four"):
        assert f"//{name}.example.org/" in done.stdout
