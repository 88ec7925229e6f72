"""The SSH server allows neither protocol 1 nor empty passwords."""

from __future__ import annotations

from inventory.model.accounts import SSH_SERVER, SshServer, SshSetting
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import OPENSSH
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(server: SshServer) -> Judgement:
    found = [*_old_protocol(server), *_empty_passwords(server)]
    if found:
        return Flagged(observed=", ".join(found))
    because = ""
    if server.unread:
        because = f"{', '.join(server.unread)} could not be read"
    elif server.exceptions:
        because = f"other settings hold for {'; '.join(server.exceptions)}"
    return CannotTell(missing=(SSH_SERVER,), because=because) if because else Passed()


def _old_protocol(server: SshServer) -> list[str]:
    told = server.values("protocol")
    return [f"Protocol {each}" for each in told if "1" in each.replace(" ", "").split(",")]


def _empty_passwords(server: SshServer) -> list[str]:
    allowed = server.values("permitemptypasswords") == ("yes",)
    return ["PermitEmptyPasswords yes"] if allowed else []


def _sshd(**settings: str) -> SshServer:
    told = (SshSetting(name=name, value=value) for name, value in settings.items())
    return SshServer(settings=tuple(told))


RULE = Rule(
    title="The SSH server allows what is long broken",
    why="Protocol 1 can be read and changed on the way; an empty password is none.",
    fix="Take the setting out: the defaults of OpenSSH forbid both.",
    source=OPENSSH.citation,
    source_date=OPENSSH.date,
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(SSH_SERVER, _judge),
    examples=(
        flags("protocol 1", SSH_SERVER.known(_sshd(protocol="2,1"))),
        flags("empty passwords", SSH_SERVER.known(_sshd(permitemptypasswords="yes"))),
        passes("neither", SSH_SERVER.known(_sshd(protocol="2"))),
        cannot_tell(
            "a file that could not be read",
            SSH_SERVER.known(SshServer(settings=(), unread=("/etc/ssh/sshd_config.d",))),
        ),
        cannot_tell("configuration not told", untold(SSH_SERVER)),
        cannot_tell(
            "settings under a condition",
            SSH_SERVER.known(
                SshServer(
                    settings=(SshSetting(name="protocol", value="2"),),
                    exceptions=("address 192.0.2.0/24",),
                )
            ),
        ),
    ),
    verified=False,
)
