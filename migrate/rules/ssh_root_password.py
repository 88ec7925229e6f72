"""Nobody gets in by SSH as root with a password."""

from __future__ import annotations

from inventory.model.accounts import SSH_SERVER, SshServer, SshSetting
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import OPENSSH
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(server: SshServer) -> Judgement:
    root = server.values("permitrootlogin")
    locked = _takes_no_password(server)
    if root == ("yes",) and not locked:
        return Flagged(observed="PermitRootLogin yes")
    because = ""
    if server.unread:
        because = f"{', '.join(server.unread)} could not be read"
    elif server.exceptions:
        because = f"other settings hold for {'; '.join(server.exceptions)}"
    elif not root and not locked:
        because = "PermitRootLogin is left to the default, which distributions set otherwise"
    return CannotTell(missing=(SSH_SERVER,), because=because) if because else Passed()


def _takes_no_password(server: SshServer) -> bool:
    """Tell whether passwords are refused, also those that PAM asks for."""
    asks = ("kbdinteractiveauthentication", "challengeresponseauthentication")
    by_pam = any(server.values(name) == ("no",) for name in asks)
    return by_pam and server.values("passwordauthentication") == ("no",)


def _sshd(**settings: str) -> SshServer:
    told = (SshSetting(name=name, value=value) for name, value in settings.items())
    return SshServer(settings=tuple(told))


RULE = Rule(
    title="Root may log in by SSH with a password",
    why=(
        "The one account that every server has, tried at once wherever a server is seen from "
        "outside."
    ),
    fix="Set PermitRootLogin prohibit-password or no, and use keys.",
    source=OPENSSH.citation,
    source_date=OPENSSH.date,
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(SSH_SERVER, _judge),
    examples=(
        flags("allowed", SSH_SERVER.known(_sshd(permitrootlogin="yes"))),
        passes("keys alone", SSH_SERVER.known(_sshd(permitrootlogin="prohibit-password"))),
        passes(
            "no passwords for anybody",
            SSH_SERVER.known(
                _sshd(
                    permitrootlogin="yes",
                    passwordauthentication="no",
                    kbdinteractiveauthentication="no",
                )
            ),
        ),
        flags(
            "passwords by PAM alone",
            SSH_SERVER.known(_sshd(permitrootlogin="yes", passwordauthentication="no")),
        ),
        flags(
            "passwords allowed, by PAM refused",
            SSH_SERVER.known(
                _sshd(
                    permitrootlogin="yes",
                    passwordauthentication="yes",
                    kbdinteractiveauthentication="no",
                )
            ),
        ),
        passes(
            "left to the default, and no passwords for anybody",
            SSH_SERVER.known(_sshd(passwordauthentication="no", kbdinteractiveauthentication="no")),
        ),
        cannot_tell(
            "settings under a condition",
            SSH_SERVER.known(
                SshServer(
                    settings=(SshSetting(name="permitrootlogin", value="no"),),
                    exceptions=("address 192.0.2.0/24",),
                )
            ),
        ),
        cannot_tell("left to the default", SSH_SERVER.known(_sshd(port="22"))),
        cannot_tell(
            "a file that could not be read",
            SSH_SERVER.known(SshServer(settings=(), unread=("/etc/ssh/sshd_config.d",))),
        ),
        cannot_tell("configuration not told", untold(SSH_SERVER)),
        cannot_tell(
            "a file that could not be read, beside one that forbids it",
            SSH_SERVER.known(
                SshServer(
                    settings=(SshSetting(name="permitrootlogin", value="no"),),
                    unread=("/etc/ssh/sshd_config.d",),
                )
            ),
        ),
    ),
    verified=False,
)
