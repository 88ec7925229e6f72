"""Log in with the keys of the run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from paramiko.ssh_exception import AuthenticationException, BadAuthenticationType, SSHException

from inventory.errors import AccessRefusedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paramiko.pkey import PKey
    from paramiko.transport import Transport

    from inventory.ssh.wire import Wire

_BROKEN = (SSHException, EOFError, OSError)


def log_in(transport: Transport, wire: Wire, user: str, keys: Sequence[PKey]) -> None:
    """Offer each key in turn until the server lets us in.

    Raises:
        AccessRefusedError: it accepts none of them, or wants more than a key.
        UnreachableError: it broke off, or took longer than the wire's deadline.

    """
    # The wire bounds the server; this bounds an agent that never signs.
    transport.auth_timeout = max(0.0, wire.deadline - time.monotonic()) + 1
    for number, key in enumerate(keys, 1):
        try:
            further = transport.auth_publickey(user, key)
        except BadAuthenticationType as error:
            raise _wants(user, error.allowed_types) from error
        except _BROKEN as error:
            if isinstance(error, AuthenticationException) and _goes_on(transport, wire):
                continue
            raise _broke_off(wire, user, number, len(keys)) from error
        if further:
            raise _wants(user, further, besides=True)
        return
    raise _without_keys(transport, user) if not keys else _refused(user, len(keys))


def _goes_on(transport: Transport, wire: Wire) -> bool:
    return transport.is_active() and time.monotonic() < wire.deadline


def _refused(user: str, count: int) -> AccessRefusedError:
    keys = "the key" if count == 1 else f"all {count} keys"
    return AccessRefusedError(
        f"it refused {keys} offered for user {user!r}",
        hint=f"add the public key to {user}'s authorized_keys there, or name another with "
        "--identity",
    )


def _wants(user: str, methods: list[str], *, besides: bool = False) -> AccessRefusedError:
    ways = " or ".join(methods) or "nothing"
    besides_key = " besides the key" if besides else ", not a key,"
    return AccessRefusedError(
        f"it wants {ways}{besides_key} from user {user!r}",
        hint="Decant gives no passwords: let a key alone suffice for an account that only reads",
    )


def _without_keys(transport: Transport, user: str) -> AccessRefusedError:
    """Ask what the server accepts, so that the refusal can say it."""
    try:
        transport.auth_none(user)
    except BadAuthenticationType as error:
        accepted = f"; it accepts {' or '.join(error.allowed_types)}"
    except _BROKEN:
        accepted = ""
    else:
        accepted = "; it would let us in without, which is not accepted"
    return AccessRefusedError(
        f"there is no private key to offer for user {user!r}{accepted}",
        hint="name a key with --identity, or add one to the agent with ssh-add",
    )


def _broke_off(wire: Wire, user: str, tried: int, count: int) -> Exception:
    if wire.expired or time.monotonic() >= wire.deadline:
        return UnreachableError(
            f"logging in as {user!r} took too long",
            hint="are its directory or name servers slow? is the agent waiting for somebody?",
        )
    if tried < count or tried > 1:
        return AccessRefusedError(
            f"it closed the connection after {tried} of {count} keys offered for user {user!r}",
            hint="name the one key to offer with --identity and leave the agent out (MaxAuthTries)",
        )
    return UnreachableError(
        f"it closed the connection while we logged in as {user!r}",
        hint="look at the server's own log of sshd",
    )
