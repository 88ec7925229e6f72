"""Log in with the keys of the run, and with its password where that is wanted as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paramiko.ssh_exception import AuthenticationException, BadAuthenticationType, SSHException

from inventory.errors import AccessRefusedError, UnreachableError
from inventory.secret import Secret
from inventory.ssh.prompts import Prompts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paramiko.transport import Transport

    from inventory.ssh.identities import Identities
    from inventory.ssh.wire import Wire

_BROKEN = (SSHException, EOFError, OSError)
_PASSWORD, _INTERACTIVE = "password", "keyboard-interactive"
_IN: tuple[str, ...] = ()
"""Nothing more is wanted: we are in."""


def log_in(
    transport: Transport,
    wire: Wire,
    user: str,
    identities: Identities,
    password: Secret | str = "",
) -> None:
    """Offer each key in turn, then the password, until the server lets us in.

    A text in place of the password says why there is none for this server.

    Raises:
        AccessRefusedError: it accepts none of them, or wants more.
        UnreachableError: it broke off, or took longer than the wire's deadline.

    """
    # The wire bounds the server; this bounds an agent that never signs.
    transport.auth_timeout = wire.left + 1
    _Login(transport, wire, user, identities, password).go()


class _Login:
    """One way in: what was offered, and what the server said to it."""

    def __init__(
        self,
        transport: Transport,
        wire: Wire,
        user: str,
        identities: Identities,
        password: Secret | str,
    ) -> None:
        self._transport = transport
        self._wire = wire
        self._user = user
        self._identities = identities
        self._password = password
        self._allowed: tuple[str, ...] | None = None
        """What the server accepts, when it said so."""

    def go(self) -> None:
        """Go on until nothing more is wanted."""
        wanted = self._by_keys()
        if wanted == _IN:
            return
        if not isinstance(self._password, Secret):
            raise self._refused(wanted, self._password)
        if wanted and not {_PASSWORD, _INTERACTIVE} & set(wanted):
            raise self._wants(wanted, " besides the key")
        further = self._by_password(self._password)
        if further and "publickey" in further and wanted is None:
            besides = self._by_keys()
            further = further if besides is None else besides
        if further:
            raise self._wants(further, " besides the password")

    def _by_keys(self) -> tuple[str, ...] | None:
        """Return what is wanted besides the key; None when no key was accepted."""
        count = len(self._identities.keys)
        for number, key in enumerate(self._identities.keys, 1):
            try:
                return tuple(self._transport.auth_publickey(self._user, key))
            except BadAuthenticationType as error:
                self._allowed = tuple(error.allowed_types)
                return None
            except _BROKEN as error:
                if isinstance(error, AuthenticationException) and self._goes_on():
                    continue
                raise self._broke_off(number, count) from error
        return None

    def _by_password(self, password: Secret) -> tuple[str, ...]:
        """Return what is wanted besides the password."""
        prompts = Prompts(password)
        plain: Callable[[], Sequence[str]] = lambda: self._transport.auth_password(  # noqa: E731  it is one of two
            self._user, password.value, fallback=False
        )
        asked: Callable[[], Sequence[str]] = lambda: self._transport.auth_interactive(  # noqa: E731  as above
            self._user, prompts.answer
        )
        try:
            try:
                return tuple(plain())
            except BadAuthenticationType as error:
                if _INTERACTIVE not in error.allowed_types:
                    raise self._wants(error.allowed_types, ", not a password,") from error
                return tuple(asked())
        except _BROKEN as error:
            if isinstance(error, AuthenticationException) and self._goes_on():
                raise self._not_by_password(prompts) from error
            raise self._broke_off(1, 1) from error

    def _goes_on(self) -> bool:
        return self._transport.is_active() and self._wire.left > 0

    def _refused(self, wanted: tuple[str, ...] | None, why: str) -> AccessRefusedError:
        if wanted:
            return self._wants(wanted, " besides the key", why)
        if self._allowed is not None:
            return self._wants(self._allowed, ", not a key,", why)
        if not self._identities.keys:
            return self._without_keys()
        count = len(self._identities.keys)
        keys = "the key" if count == 1 else f"all {count} keys"
        return AccessRefusedError(
            f"it refused {keys} offered for user {self._user!r}{_because(why)}",
            hint=f"add the public key to {self._user}'s authorized_keys there, or name another "
            f"with --identity{self._passed_over()}",
        )

    def _not_by_password(self, prompts: Prompts) -> AccessRefusedError:
        if prompts.beyond:
            return AccessRefusedError(
                f"it asks user {self._user!r} for more than a password: {prompts.beyond!r}",
                hint="Decant gives no one-time codes: let a key suffice for an account that only "
                "reads",
            )
        return AccessRefusedError(
            f"it refused the password of user {self._user!r}",
            hint="see that --password-from names the right one, and that the account is not locked",
        )

    def _wants(self, methods: Sequence[str], what: str, why: str = "") -> AccessRefusedError:
        ways = " or ".join(methods) or "nothing"
        return AccessRefusedError(
            f"it wants {ways}{what} from user {self._user!r}{_because(why)}",
            hint="let a key alone suffice for an account that only reads; or say with "
            "--password-from where the password is",
        )

    def _without_keys(self) -> AccessRefusedError:
        """Ask what the server accepts, so that the refusal can say it."""
        try:
            self._transport.auth_none(self._user)
        except BadAuthenticationType as error:
            accepted = f"; it accepts {' or '.join(error.allowed_types)}"
        except _BROKEN:
            accepted = ""
        else:
            accepted = "; it would let us in without, which is not accepted"
        return AccessRefusedError(
            f"there is no private key to offer for user {self._user!r}{accepted}",
            hint="name a key with --identity, or add one to the agent with ssh-add"
            f"{self._passed_over()}",
        )

    def _passed_over(self) -> str:
        files = self._identities.passed_over
        return f" (passed over: {'; '.join(files)})" if files else ""

    def _broke_off(self, tried: int, count: int) -> Exception:
        if self._wire.expired or self._wire.left <= 0:
            return UnreachableError(
                f"logging in as {self._user!r} took too long",
                hint="are its directory or name servers slow? is the agent waiting for somebody?",
            )
        if tried < count or tried > 1:
            return AccessRefusedError(
                f"it closed the connection after {tried} of {count} keys offered for user "
                f"{self._user!r}",
                hint="it takes no more tries (MaxAuthTries): name the one right key with "
                "--identity, which is offered first, or give IdentityFile and IdentitiesOnly yes "
                "for it in ssh_config",
            )
        return UnreachableError(
            f"it closed the connection while we logged in as {self._user!r}",
            hint="look at the server's own log of sshd",
        )


def _because(why: str) -> str:
    return f"; {why}" if why else ""
