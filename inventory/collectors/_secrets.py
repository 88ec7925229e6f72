"""Which parts of a command line may be secret, and how they are left out.

The same rules are used twice: as ``sed`` commands on the server, so that no secret is ever sent or
kept, and once more by the reader, for answers that came another way. Each pattern is therefore
written in what POSIX extended expressions and Python's have in common. The arguments of a command
line are parted by tabs.

``sed`` takes longer to understand the rules than to read a few lines. So where there is little to
look at, the shell itself looks first whether any rule could find something.

The rules err on the side of leaving out: a value that looks like a secret and is none costs a
little knowledge; the reverse cannot be mended.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LEFT_OUT: Final = "***"
_T: Final = "\t"
_B: Final = f"[ {_T}]"
"""Between words: of the command line, or of a script that is one of its arguments."""
_WORD: Final = f"[^ {_T}]"
_ARGUMENT: Final = f"[^{_T}]"
_LINE: Final = "^[^:]*:"
"""What stands before a command line: the file that it comes from."""
_TOOL: Final = f"(^|[:/ {_T}])"
_NAMES: Final = (
    "pass", "pwd", "secret", "token", "key", "credential", "auth", "psk", "cookie", "sess", "jwt",
    "bearer", "community", "literal", "sig",
)  # fmt: skip
"""What a name holds whose value may be secret."""
_NAME: Final = f"({'|'.join(_NAMES)})"
_ENDING: Final = (
    "(pass|passw(or)?d|pass(phrase|code)|pwd?|secret|token|key|authorization|cookie|credentials?)"
)
"""What a name ends with whose value may be secret, where it is followed by a mere colon."""
_SHAPES: Final = (
    "gh[pousr]_|github_pat_|glpat-|xox[abprs]-|hv[sb]\\.|sk-|akia|asia|aiza|sg\\.|npm_|pypi-"
)
"""How the tokens of well-known services begin."""
_BEGINNINGS: Final = (
    "gho_", "ghp_", "ghr_", "ghs_", "ghu_", "github_pat_", "glpat-", "xox", "hvs.", "hvb.", "sk-",
    "akia", "asia", "aiza", "sg.", "npm_", "pypi-",
)  # fmt: skip
"""What one of them is always on a line with such a token: the same in plain words."""


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """What is left out: all that ``pattern`` finds but its first group."""

    pattern: str
    needs: tuple[str, ...]
    """One of these, in lower case, is on every line that it finds anything on: to be quick."""
    where: str | None = None
    """Only on lines that hold this."""
    after: str = ""
    """What follows in its place."""

    def sed(self) -> str:
        address = f"\\~{self.where}~" if self.where else ""
        return f"{address}s~{self.pattern}~\\1{LEFT_OUT}{self.after}~gI"

    def apply(self, line: str, lowered: str) -> str:
        if not any(need in lowered for need in self.needs):
            return line
        if self.where and not re.search(self.where, line):
            return line
        return re.sub(self.pattern, rf"\g<1>{LEFT_OUT}{self.after}", line, flags=re.IGNORECASE)


def _option(tools: str, options: str) -> _Rule:
    """Leave out the value of a tool's short option, whether it is attached or follows."""
    return _Rule(
        needs=tuple(tools.split("|")),
        where=f"{_TOOL}({tools})[^/ {_T}]*{_B}",
        pattern=f"({_B}-{options}{_B}?){_ARGUMENT}+",
    )


_NAMED: Final = (
    # A name and its value, parted by an equals sign.
    _Rule(needs=_NAMES, pattern=f"({_NAME}[a-z0-9_.-]*[\"']?[ ]*=){_ARGUMENT}*"),
    _Rule(
        needs=("pw=", "pin=", "otp=", "sid="), pattern=f"([^a-z0-9](pw|pin|otp|sid)=){_ARGUMENT}*"
    ),
    # "name": "value", pass:VALUE
    _Rule(needs=(*_NAMES, "pw"), pattern=f"({_ENDING}[\"']?[ ]*:){_ARGUMENT}*"),
    # --name VALUE; one that looks like an option comes last, so that two options in a row count
    _Rule(needs=_NAMES, pattern=f"({_B}-[^ ={_T}]*{_NAME}[^ ={_T}]*{_B}+)[^-{_T}]{_ARGUMENT}*"),
    _Rule(needs=_NAMES, pattern=f"({_B}-[^ ={_T}]*{_NAME}[^ ={_T}]*{_B}+)-{_ARGUMENT}*"),
    # password VALUE, AUTH VALUE, add_user NAME VALUE
    _Rule(
        needs=("add_user", "change_password", "authenticate_user"),
        pattern=f"({_B}(add_user|change_password|authenticate_user){_B}+)"
        f"{_ARGUMENT}*({_T}{_ARGUMENT}*)?",
    ),
    _Rule(
        needs=_NAMES,
        pattern=f"({_B}([a-z0-9_.-]*(secret|passw(or)?d|token|psk)[a-z0-9_.-]*|auth){_B}+)"
        f"{_ARGUMENT}+",
    ),
)

_ADDRESSED: Final = (
    # scheme://user:VALUE@server, thin:user/VALUE@server, user:VALUE@server
    _Rule(needs=("@",), pattern=f"(://[^/:@ {_T}]*:){_WORD}*@", after="@"),
    _Rule(needs=("@",), pattern=f"(://)[^/@ {_T}]+@", after="@"),
    _Rule(needs=("@",), pattern=f"(:thin:){_WORD}*@", after="@"),
    _Rule(needs=("@",), pattern=f"({_B}[a-z0-9_.$#-]+[:/]){_WORD}*@", after="@"),
    # -u user:VALUE, -U user%VALUE, -u user,VALUE
    _Rule(
        needs=("-u", "-user"),
        pattern=f"({_B}(-u|--user|--proxy-user)[= {_T}]?[^:%, {_T}]*[:%,]){_ARGUMENT}+",
    ),
)

_OPTIONS: Final = (
    # Options that mean a password to these tools only.
    _option("mysql|mariadb|mydumper|xtrabackup|innobackupex|mongo|sshpass|7z|docker|podman", "p"),
    _option("nerdctl|buildah|skopeo|az|ncftp|cqlsh|rdesktop|influx|pt-|helm|restic", "p"),
    _option("sqlcmd|bcp|isql|tsql|freebcp|zip|unzip|ipmitool|mosquitto", "p"),
    _option("ldap", "[wy]"),
    _option("redis-cli|valkey-cli|keydb-cli", "a"),
    _option("openssl", "k"),
    _option("snmp", "[cax]"),
    _option("curl|wget", "b"),
    _option("ssh-keygen", "n"),
    _Rule(needs=("/p:", "-pw"), pattern=f"({_B}(/p:|-pw{_B})){_ARGUMENT}+"),
    _Rule(
        needs=("sqlplus", "sqlldr", "dp", "rman", "exp", "imp"),
        where=f"{_TOOL}(sqlplus|sqlldr|expdp|impdp|rman|exp|imp){_B}",
        pattern=f"({_B}[a-z0-9_.$#-]+/){_ARGUMENT}+",
    ),
    _Rule(
        needs=("vault", "bao", "consul", "etcdctl"),
        where=f"{_TOOL}(vault|bao|consul|etcdctl){_B}",
        pattern=f"(=){_ARGUMENT}+",
    ),
)

_SHAPED: Final = (
    _Rule(needs=("eyj",), pattern="(eyj)[a-z0-9_-]{8}[a-z0-9_.-]*"),
    _Rule(
        needs=_BEGINNINGS,
        pattern=f"((^|[^a-z0-9])({_SHAPES}))[a-z0-9_.-]{{12,}}",
    ),
    _Rule(needs=("bearer", "basic"), pattern=f"((bearer|basic)[ {_T}]+)[a-z0-9+/_.=-]{{6,}}"),
    _Rule(needs=("-----begin",), pattern=f"(-----begin){_ARGUMENT}*"),
)

_WHOLE: Final = (
    # These are told a password in a word of its own, or by a script that writes one to them.
    _Rule(
        needs=("chpasswd", "--stdin", "sudo", "expect", "htpasswd"),
        where=f"chpasswd|--stdin|sudo{_B}+-S|{_TOOL}(autoexpect|expect|htpasswd){_B}",
        pattern=f"({_LINE}{_ARGUMENT}*{_T}).*",
    ),
)

_RULES: Final = (*_WHOLE, *_NAMED, *_ADDRESSED, *_OPTIONS, *_SHAPED)
_WORDS: Final = frozenset(need for rule in _RULES for need in rule.needs)
_LEAST: Final = tuple(
    sorted(word for word in _WORDS if not any(one != word and one in word for one in _WORDS))
)
"""One of these, in lower case, is on every line that any rule changes."""
_SHORT: Final = 500
"""Characters of a line that is worth remembering."""


def sed_program() -> str:
    """Return the rules as a program of ``sed -E``."""
    return "\n".join(rule.sed() for rule in _RULES)


def filtered(variable: str, *, by: str = "") -> str:
    """Return shell that prints the lines of a shell variable without what may be secret.

    ``by`` is a shell function that runs ``sed`` by the rules, where the script has one. Where
    ``sed`` does not understand the rules, nothing is printed.
    """
    filtering = by or f"sed -E {shlex.quote(sed_program())}"
    return (
        f"case ${{#{variable}}}${variable} in\n"
        f"[0-9][0-9][0-9][0-9]*|{_patterns()})\n"
        f"printf '%s\\n' \"${variable}\" | {filtering} ;;\n"
        f"*) printf '%s\\n' \"${variable}\" ;;\n"
        "esac"
    )


def _patterns() -> str:
    """Return shell patterns of which one fits every text that any rule changes."""
    return "|".join(f"*{''.join(map(_either_case, word))}*" for word in _LEAST)


def _either_case(letter: str) -> str:
    return f"[{letter}{letter.upper()}]" if letter.isalpha() else f"'{letter}'"


def without_secrets(line: str) -> str:
    """Return ``path:line``, its arguments parted by tabs, without what may be secret."""
    # The same programs run on many servers; a long line is seldom seen twice.
    return _kept_in_mind(line) if len(line) < _SHORT else _redacted(line)


def _redacted(line: str) -> str:
    lowered = line.lower()
    if not any(word in lowered for word in _LEAST):
        return line
    for rule in _RULES:
        line = rule.apply(line, lowered)
    return line


_kept_in_mind: Final = lru_cache(maxsize=4096)(_redacted)
