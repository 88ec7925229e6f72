"""Which accounts there are, who gets in by which key, and who may do what by sudo.

All of it is asked by one script, because each tool that is started costs more than its work; what
that script lets out is told in ``_accounts_script``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from inventory.collectors._access import HOST_KEY_FILES, read_access
from inventory.collectors._accounts_script import SCRIPT
from inventory.collectors._passwd import LOGIN_DEFS, read_passwd
from inventory.model.accounts import (
    ACCOUNTS,
    AUTHORIZED_KEYS,
    GROUPS,
    HOST_KEYS,
    PASSWORD_POLICY,
    SSH_SERVER,
    SUDO_ALIASES,
    SUDO_RULES,
    SUDO_UNREAD,
    Account,
    AccountKind,
    AuthorizedKey,
    Group,
    HostKey,
    PasswordPolicy,
    PasswordState,
    SshServer,
    SshSetting,
    SudoRule,
)
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason

if TYPE_CHECKING:
    from inventory.model.fact import Observation


def _read(answer: Answer) -> tuple[Observation, ...]:
    login_defs = next((answer.files[path] for path in LOGIN_DEFS if path in answer.files), None)
    return (*read_passwd(answer.text, login_defs), *read_access(answer))


_A: Final = "AAAAC3NzaC1lZDI1NTE5AAAAIECGbT6+EmMF9yQy1VDyCzAQPkaT3+MDayIkgSCne3qJ"
_B: Final = "AAAAC3NzaC1lZDI1NTE5AAAAIPfaS/PqNLK5IbBDP+9fRLGNWTHvkr17xo4/GDEYXf8R"
_FINGERPRINT_A: Final = "SHA256:jWknuozR2es/lMZTfBfIsAQ8GBDyvsaNJB7XVmPTTz4"
_FINGERPRINT_B: Final = "SHA256:/JHybirZmwh73EQMveJbw9SZCMm1ocX9hwSefG8bBf4"

COLLECTOR = Collector(
    files=(*LOGIN_DEFS, HOST_KEY_FILES),
    script=SCRIPT,
    tidy=True,
    tells=(
        ACCOUNTS,
        GROUPS,
        PASSWORD_POLICY,
        SUDO_RULES,
        SUDO_ALIASES,
        SUDO_UNREAD,
        SSH_SERVER,
        AUTHORIZED_KEYS,
        HOST_KEYS,
    ),
    read=_read,
    examples=(
        Example(
            system="debian 12, as root",
            text="""\
u:root:-:0:0:root:/root:/bin/bash
u:daemon:-:1:1:daemon:/usr/sbin:/usr/sbin/nologin
u:sync:-:4:65534:sync:/bin:/bin/sync
u:nobody:-:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
u:alice:-:1000:1000:Alice Adams:/home/alice:/bin/bash
g:root:0:
g:adm:4:alice,syslog
s:root:A:19500:99999:
s:daemon:A:19500:99999:
s:alice:S:19700:90:20600
""",
            files={
                LOGIN_DEFS[
                    0
                ]: "# comment\nPASS_MAX_DAYS\t99999\nPASS_MIN_DAYS\t0\nPASS_WARN_AGE\t7\n"
                "UID_MIN\t\t\t 1000\nUID_MAX\t\t\t60000\nUMASK\t\t022\nENCRYPT_METHOD SHA512\n"
            },
            expected=(
                ACCOUNTS.known(
                    (
                        Account(
                            name="root",
                            uid=0,
                            gid=0,
                            kind=AccountKind.ROOT,
                            full_name="root",
                            home="/root",
                            login_shell="/bin/bash",
                            password=PasswordState.ABSENT,
                            password_changed=date(2023, 5, 23),
                        ),
                        Account(
                            name="daemon",
                            uid=1,
                            gid=1,
                            kind=AccountKind.SYSTEM,
                            full_name="daemon",
                            home="/usr/sbin",
                            login_shell="/usr/sbin/nologin",
                            may_log_in=False,
                            password=PasswordState.ABSENT,
                            password_changed=date(2023, 5, 23),
                        ),
                        Account(
                            name="sync",
                            uid=4,
                            gid=65534,
                            kind=AccountKind.SYSTEM,
                            full_name="sync",
                            home="/bin",
                            login_shell="/bin/sync",
                            may_log_in=False,
                        ),
                        Account(
                            name="nobody",
                            uid=65534,
                            gid=65534,
                            kind=AccountKind.SYSTEM,
                            full_name="nobody",
                            home="/nonexistent",
                            login_shell="/usr/sbin/nologin",
                            may_log_in=False,
                        ),
                        Account(
                            name="alice",
                            uid=1000,
                            gid=1000,
                            kind=AccountKind.PERSON,
                            full_name="Alice Adams",
                            home="/home/alice",
                            login_shell="/bin/bash",
                            password=PasswordState.SET,
                            password_changed=date(2023, 12, 9),
                            password_max_days=90,
                            expires=date(2026, 5, 27),
                        ),
                    )
                ),
                GROUPS.known(
                    (
                        Group(name="root", gid=0),
                        Group(name="adm", gid=4, members=("alice", "syslog")),
                    )
                ),
                PASSWORD_POLICY.known(
                    PasswordPolicy(
                        max_days=99999, min_days=0, warn_days=7, hash_method="SHA512", umask="022"
                    )
                ),
            ),
        ),
        Example(
            system="centos 6 (as the question words it), as a user: people begin at 500",
            text="u:bob:-:500:500:Bob:/home/bob:/bin/bash\n",
            files={LOGIN_DEFS[0]: "UID_MIN                  500\nUID_MAX                60000\n"},
            expected=(
                ACCOUNTS.known(
                    (
                        Account(
                            name="bob",
                            uid=500,
                            gid=500,
                            kind=AccountKind.PERSON,
                            full_name="Bob",
                            home="/home/bob",
                            login_shell="/bin/bash",
                        ),
                    )
                ),
                GROUPS.unknown(Reason.NOT_TOLD, "awk told nothing of /etc/group"),
            ),
        ),
        Example(
            system="freebsd 14 (as the question words it; fields as in passwd(5)), as root",
            text="""\
u:root:A:0:0:Charlie &:/root:/bin/csh
u:carol:A:1001:1001:Carol:/home/carol:/bin/sh
g:wheel:0:root,carol
m:root:S:0
m:carol:L:1767225600
""",
            expected=(
                ACCOUNTS.known(
                    (
                        Account(
                            name="root",
                            uid=0,
                            gid=0,
                            kind=AccountKind.ROOT,
                            full_name="Charlie &",
                            home="/root",
                            login_shell="/bin/csh",
                            password=PasswordState.SET,
                        ),
                        Account(
                            name="carol",
                            uid=1001,
                            gid=1001,
                            kind=AccountKind.PERSON,
                            full_name="Carol",
                            home="/home/carol",
                            login_shell="/bin/sh",
                            password=PasswordState.LOCKED,
                            expires=date(2026, 1, 1),
                        ),
                    )
                ),
                GROUPS.known((Group(name="wheel", gid=0, members=("root", "carol")),)),
                PASSWORD_POLICY.unknown(Reason.NOT_TOLD, "there is no /etc/login.defs"),
            ),
        ),
        Example(
            system="sles 16 (format as documented), which ships its configuration in /usr/etc",
            text="""\
there:/usr/etc/sudoers
there:/usr/etc/ssh/sshd_config
read:/usr/etc/sudoers
/usr/etc/sudoers:@includedir /usr/etc/sudoers.d
/usr/etc/sudoers:root ALL=(ALL:ALL) ALL
read:/usr/etc/ssh/sshd_config
/usr/etc/ssh/sshd_config:Include /etc/ssh/sshd_config.d/*.conf
/usr/etc/ssh/sshd_config:UsePAM yes
looked
""",
            expected=(
                SUDO_RULES.known(
                    (
                        SudoRule(
                            who="root",
                            servers="ALL",
                            commands=("ALL",),
                            run_as="ALL:ALL",
                            without_password=False,
                            file="/usr/etc/sudoers",
                        ),
                    )
                ),
                SUDO_UNREAD.known(()),
                SSH_SERVER.known(SshServer(settings=(SshSetting(name="usepam", value="yes"),))),
            ),
        ),
        Example(
            system="a server without awk",
            text="",
            expected=(ACCOUNTS.unknown(Reason.NOT_TOLD, "awk told nothing of /etc/passwd"),),
        ),
        Example(
            system="debian 12, as root",
            text=f"""\
there:/etc/sudoers
there:/etc/sudoers.d/README
there:/etc/sudoers.d/deploy
there:/etc/ssh/sshd_config
there:/etc/ssh/sshd_config.d/50-site.conf
there:/root/.ssh/authorized_keys
read:/etc/sudoers.d
read:/etc/ssh/sshd_config.d
read:/root
read:/etc/sudoers
/etc/sudoers:root	ALL=(ALL:ALL) ALL
/etc/sudoers:%sudo	ALL=(ALL:ALL) ALL
/etc/sudoers:@includedir /etc/sudoers.d
read:/etc/sudoers.d/README
read:/etc/sudoers.d/deploy
/etc/sudoers.d/deploy:Cmnd_Alias RESTART = /bin/systemctl ..., /usr/sbin/nginx ...
/etc/sudoers.d/deploy:deploy, %ops ALL = (root) NOPASSWD: RESTART, PASSWD: /usr/bin/less ...
read:/etc/ssh/sshd_config
/etc/ssh/sshd_config:Include /etc/ssh/sshd_config.d/*.conf
/etc/ssh/sshd_config:PasswordAuthentication yes
/etc/ssh/sshd_config:UsePAM yes
/etc/ssh/sshd_config:Subsystem	sftp	/usr/lib/openssh/sftp-server
/etc/ssh/sshd_config:Match User backup
/etc/ssh/sshd_config:PermitRootLogin no
read:/etc/ssh/sshd_config.d/50-site.conf
/etc/ssh/sshd_config.d/50-site.conf:PasswordAuthentication no
read:/root/.ssh/authorized_keys
/root/.ssh/authorized_keys:ssh-ed25519 {_A} a@web
""",
            files={"/etc/ssh/ssh_host_ed25519_key.pub": f"ssh-ed25519 {_B} root@web-1\n"},
            expected=(
                SUDO_RULES.known(
                    (
                        SudoRule(
                            who="root",
                            servers="ALL",
                            commands=("ALL",),
                            run_as="ALL:ALL",
                            without_password=False,
                            file="/etc/sudoers",
                        ),
                        SudoRule(
                            who="%sudo",
                            servers="ALL",
                            commands=("ALL",),
                            run_as="ALL:ALL",
                            without_password=False,
                            file="/etc/sudoers",
                        ),
                        SudoRule(
                            who="deploy,%ops",
                            servers="ALL",
                            commands=("RESTART",),
                            run_as="root",
                            without_password=True,
                            file="/etc/sudoers.d/deploy",
                        ),
                        SudoRule(
                            who="deploy,%ops",
                            servers="ALL",
                            commands=("/usr/bin/less ...",),
                            run_as="root",
                            without_password=False,
                            file="/etc/sudoers.d/deploy",
                        ),
                    )
                ),
                SUDO_ALIASES.known(("RESTART = /bin/systemctl ..., /usr/sbin/nginx ...",)),
                SUDO_UNREAD.known(()),
                SSH_SERVER.known(
                    SshServer(
                        settings=(
                            SshSetting(name="passwordauthentication", value="no"),
                            SshSetting(name="subsystem", value="sftp /usr/lib/openssh/sftp-server"),
                            SshSetting(name="usepam", value="yes"),
                        ),
                        exceptions=("User backup",),
                    )
                ),
                AUTHORIZED_KEYS.known(
                    (
                        AuthorizedKey(
                            file="/root/.ssh/authorized_keys",
                            kind="ssh-ed25519",
                            fingerprint=_FINGERPRINT_A,
                            comment="a@web",
                        ),
                    )
                ),
                HOST_KEYS.known((HostKey(kind="ssh-ed25519", fingerprint=_FINGERPRINT_B),)),
            ),
        ),
        Example(
            system="rhel 9 (format as documented), as a user without privilege",
            text="""\
there:/etc/sudoers
denied:/etc/sudoers
there:/etc/ssh/sshd_config
denied:/etc/ssh/sshd_config
denied:/etc/sudoers.d
denied:/etc/ssh/sshd_config.d
denied:/root
""",
            expected=(
                SUDO_RULES.unknown(Reason.NEEDS_PRIVILEGE, "only root may read /etc/sudoers"),
                SSH_SERVER.unknown(
                    Reason.NEEDS_PRIVILEGE, "only root may read /etc/ssh/sshd_config"
                ),
                AUTHORIZED_KEYS.unknown(Reason.NEEDS_PRIVILEGE, "only root may look into /root"),
                HOST_KEYS.unknown(Reason.NOT_TOLD, "there is no /etc/ssh/ssh_host_*_key.pub"),
            ),
        ),
        Example(
            system="rhel 9 (format as documented), with sudo",
            text=f"""\
there:/etc/sudoers
denied:/etc/sudoers
there:/etc/ssh/sshd_config
denied:/etc/ssh/sshd_config
denied:/etc/sudoers.d
denied:/etc/ssh/sshd_config.d
denied:/root
read:/etc/sudoers
/etc/sudoers:%wheel	ALL=(ALL)	ALL
/etc/sudoers:"%domain admins" ALL = ALL
/etc/sudoers:#includedir /etc/sudoers.d
/etc/sudoers:#include /etc/opt/sudoers.site
read:/etc/ssh/sshd_config
/etc/ssh/sshd_config:Include /etc/ssh/sshd_config.d/*.conf
/etc/ssh/sshd_config:Include /etc/crypto-policies/back-ends/opensshserver.config
/etc/ssh/sshd_config:Port 22
/etc/ssh/sshd_config:Port 2222
read:/etc/ssh/sshd_config.d/01-permitrootlogin.conf
/etc/ssh/sshd_config.d/01-permitrootlogin.conf:PermitRootLogin yes
read:/home/bob/.ssh/authorized_keys
/home/bob/.ssh/authorized_keys:ssh-ed25519 {_B}
""",
            expected=(
                SUDO_RULES.known(
                    (
                        SudoRule(
                            who="%wheel",
                            servers="ALL",
                            commands=("ALL",),
                            run_as="ALL",
                            without_password=False,
                            file="/etc/sudoers",
                        ),
                        SudoRule(
                            who='"%domain admins"',
                            servers="ALL",
                            commands=("ALL",),
                            without_password=False,
                            file="/etc/sudoers",
                        ),
                    )
                ),
                SUDO_UNREAD.known(("/etc/opt/sudoers.site", "/etc/sudoers.d")),
                SSH_SERVER.known(
                    SshServer(
                        settings=(
                            SshSetting(name="permitrootlogin", value="yes"),
                            SshSetting(name="port", value="22"),
                            SshSetting(name="port", value="2222"),
                        ),
                        unread=("/etc/crypto-policies/back-ends/opensshserver.config",),
                    )
                ),
                AUTHORIZED_KEYS.known(
                    (
                        AuthorizedKey(
                            file="/home/bob/.ssh/authorized_keys",
                            kind="ssh-ed25519",
                            fingerprint=_FINGERPRINT_B,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox) without sudo and OpenSSH, as root",
            text="read:/root\nlooked\n",
            expected=(
                SUDO_RULES.known(()),
                SSH_SERVER.unknown(Reason.NOT_TOLD, "there is no /etc/ssh/sshd_config"),
                AUTHORIZED_KEYS.known(()),
            ),
        ),
    ),
)
