"""Who may use a server: accounts, groups, rights, directories, keys and logins, and their keys.

Passwords are known by their state alone; no hash of one ever leaves a server. A field that is None
was not told by the source; it never means zero or "no".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.ordered import Ordered


class AccountKind(Enum):
    """Whom an account is for."""

    ROOT = "root"
    """Its uid is 0, whatever its name."""
    SYSTEM = "system"
    PERSON = "person"
    """Its uid is in the range that the system gives to people. It may still be a service's."""


class PasswordState(Enum):
    """What is known of an account's password."""

    SET = "set"
    LOCKED = "locked"
    """There is one, and it is not accepted for now."""
    ABSENT = "absent"
    """None was ever set, so that none is accepted."""
    EMPTY = "empty"
    """Anybody may log in without one."""


@dataclass(frozen=True, kw_only=True)
class Account(Ordered):
    """An account that the server itself keeps."""

    name: str
    uid: int
    gid: int
    kind: AccountKind
    full_name: str | None = None
    home: str | None = None
    login_shell: str | None = None
    """None when none is named, which means ``/bin/sh``."""
    may_log_in: bool = True
    """Whether its shell lets anybody in."""
    password: PasswordState | None = None
    password_changed: date | None = None
    password_max_days: int | None = None
    """How old the password may become; None when that is not limited, or not told."""
    expires: date | None = None
    """When the account ends; None when it does not, or that is not told."""


@dataclass(frozen=True, kw_only=True)
class Group(Ordered):
    """A group that the server itself keeps."""

    name: str
    gid: int
    members: tuple[str, ...] = ()
    """Those listed, not those whose primary group it is."""


@dataclass(frozen=True, kw_only=True)
class PasswordPolicy(Ordered):
    """What ``login.defs`` sets for new accounts."""

    max_days: int | None = None
    min_days: int | None = None
    warn_days: int | None = None
    min_length: int | None = None
    """Where PAM checks the length, it is not this that holds."""
    hash_method: str | None = None
    """``YESCRYPT``, ``SHA512`` …"""
    umask: str | None = None


@dataclass(frozen=True, kw_only=True)
class SudoRule(Ordered):
    """What a line of a sudoers file lets somebody do, or a part of it."""

    who: str
    """As written: a user, ``%group``, ``#uid``, ``+netgroup`` or an alias, or several."""
    servers: str
    """On which servers it holds, as written; mostly ``ALL``."""
    commands: tuple[str, ...]
    """Paths or aliases. ``...`` stands for arguments, which never leave the server."""
    run_as: str | None = None
    """As whom, as written; None means root."""
    without_password: bool
    """Whether the line says that they need no password for it (``NOPASSWD``)."""
    file: str


@dataclass(frozen=True, kw_only=True)
class AuthorizedKey(Ordered):
    """A public key that lets somebody in."""

    file: str
    kind: str
    """``ssh-ed25519``, ``ssh-rsa`` …"""
    fingerprint: str
    """As OpenSSH writes it: ``SHA256:…``."""
    comment: str | None = None
    """Only what looks like ``name@place``."""


@dataclass(frozen=True, kw_only=True)
class HostKey(Ordered):
    """A public key by which the server proves itself."""

    kind: str
    """``ssh-ed25519``, ``ssh-rsa`` …"""
    fingerprint: str
    """As OpenSSH writes it: ``SHA256:…``."""


@dataclass(frozen=True, kw_only=True)
class SshSetting(Ordered):
    """A directive of the SSH server's configuration that is in force for everybody."""

    name: str
    """In lower case: ``permitrootlogin``."""
    value: str


@dataclass(frozen=True, kw_only=True)
class SshServer(Ordered):
    """How the SSH server is configured. What is not set is as OpenSSH's release has it."""

    settings: tuple[SshSetting, ...]
    """Those that decide who gets in, where and how; the first of a name holds, as with sshd, but
    ports, addresses and keys add up."""
    exceptions: tuple[str, ...] = ()
    """The conditions of ``Match`` blocks, under which other settings hold."""
    unread: tuple[str, ...] = ()
    """Files that it includes and that were not read: they may set more."""

    def values(self, name: str) -> tuple[str, ...]:
        """Return what is set for a name, in lower case; empty when it is left to OpenSSH."""
        return tuple(each.value for each in self.settings if each.name == name)


class DirectoryKind(Enum):
    """What a server asks a directory with."""

    SSSD = "sssd"
    WINBIND = "winbind"
    LDAP = "ldap"
    NIS = "nis"
    IPA = "ipa"
    CENTRIFY = "centrify"
    QUEST = "quest"


@dataclass(frozen=True, kw_only=True)
class Directory(Ordered):
    """A directory that the server is a member of, or asks for accounts."""

    kind: DirectoryKind
    domain: str | None = None
    """The DNS domain or realm, in lower case."""
    realm: str | None = None
    """The Kerberos realm."""
    workgroup: str | None = None
    """The short domain name, as Samba has it."""
    provider: str | None = None
    """What sssd takes identities from: ``ad``, ``ldap``, ``ipa``, ``files`` …"""
    servers: tuple[str, ...] = ()
    """Those named in the configuration; mostly they are found by DNS instead."""
    base: str | None = None
    """The distinguished name below which accounts are looked for."""
    file: str


@dataclass(frozen=True, kw_only=True)
class Login(Ordered):
    """A time that somebody was logged in, as the server's log has it."""

    user: str
    at: datetime
    terminal: str
    """``pts/0``, ``tty1``; ``ssh`` where the log names none."""
    origin: str | None = None
    """Name or address that they came from; None for the console, or when not told."""
    ended: datetime | None = None
    """None when they are still there, or the end is not known."""
    still: bool = False
    """Whether they are still there."""


ACCOUNTS: Final = FactKey[tuple[Account, ...]](
    name="accounts.users", kind=tuple[Account, ...], help="Accounts that the server itself keeps"
)
GROUPS: Final = FactKey[tuple[Group, ...]](
    name="accounts.groups", kind=tuple[Group, ...], help="Groups that the server itself keeps"
)
PASSWORD_POLICY: Final = FactKey[PasswordPolicy](
    name="accounts.password_policy",
    kind=PasswordPolicy,
    help="What login.defs sets for new accounts",
)
SUDO_RULES: Final = FactKey[tuple[SudoRule, ...]](
    name="accounts.sudo_rules",
    kind=tuple[SudoRule, ...],
    help="Who may do what by sudo, as the server's own files say",
)
SUDO_ALIASES: Final = FactKey[tuple[str, ...]](
    name="accounts.sudo_aliases",
    kind=tuple[str, ...],
    help="Aliases of the sudoers files, as NAME = MEMBERS",
)
SUDO_UNREAD: Final = FactKey[tuple[str, ...]](
    name="accounts.sudo_unread",
    kind=tuple[str, ...],
    help="Files and folders that the sudoers files include and that were not read",
)
AUTHORIZED_KEYS: Final = FactKey[tuple[AuthorizedKey, ...]](
    name="accounts.authorized_keys",
    kind=tuple[AuthorizedKey, ...],
    help="Public keys that let root and those with a folder under /home in",
)
HOST_KEYS: Final = FactKey[tuple[HostKey, ...]](
    name="ssh.host_keys",
    kind=tuple[HostKey, ...],
    help="Keys by which the SSH server proves itself",
)
SSH_SERVER: Final = FactKey[SshServer](
    name="ssh.server", kind=SshServer, help="How the SSH server is configured"
)
DIRECTORIES: Final = FactKey[tuple[Directory, ...]](
    name="accounts.directories",
    kind=tuple[Directory, ...],
    help="Directories (Active Directory, LDAP, IPA, NIS) that the server is set up to use",
)
KERBEROS_REALM: Final = FactKey[str](
    name="accounts.kerberos_realm", kind=str, help="Default realm of Kerberos"
)
ACCOUNT_SOURCES: Final = FactKey[tuple[str, ...]](
    name="accounts.sources",
    kind=tuple[str, ...],
    help="Where accounts are looked up, in order (passwd of nsswitch.conf): files, sss, winbind …",
)
LOGINS: Final = FactKey[tuple[Login, ...]](
    name="logins.recent", kind=tuple[Login, ...], help="The latest logins, the latest first"
)
LAST_LOGINS: Final = FactKey[tuple[Login, ...]](
    name="logins.last",
    kind=tuple[Login, ...],
    help="The last login of each account that ever was, as far as the logs go back",
)
LOGINS_SINCE: Final = FactKey[datetime](
    name="logins.since", kind=datetime, help="When the log of logins begins"
)
SESSIONS: Final = FactKey[tuple[Login, ...]](
    name="logins.now", kind=tuple[Login, ...], help="Who is logged in now"
)
BOOTS: Final = FactKey[tuple[datetime, ...]](
    name="boot.history",
    kind=tuple[datetime, ...],
    help="When the server was started, the latest first, as its log of logins has it",
)
