"""Where a database is, as a parameter says it: a URL without a password, and where that is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from inventory.errors import DecantError
from inventory.secret import Reference, Secret
from migrate.data.model import CannotTellError

_NAMING = ("host", "hostaddr", "socket", "service")
"""Options that say where a database is."""
_SECRET = frozenset({"password", "passwd", "pwd", "sslpassword"})


@dataclass(frozen=True, kw_only=True)
class Address:
    """A database's address."""

    host: str
    """Empty when the URL names none, and none is known."""
    port: int | None
    database: str
    user: str
    options: Mapping[str, str]
    """What follows the question mark."""
    password: Secret | None

    def washed(self, text: str) -> str:
        """Return a text, such as an error's, without the password."""
        hidden = self.password.value if self.password else ""
        return text.replace(hidden, "***") if hidden else text

    def __str__(self) -> str:
        """Say where it is: neither user nor password."""
        named = (self.options.get(each) for each in _NAMING)
        where = self.host or next((each for each in named if each), "localhost")
        port = f":{self.port}" if self.port else ""
        return f"{where}{port}/{self.database}"


def address(
    given: Mapping[str, str],
    *,
    schemes: frozenset[str],
    options: frozenset[str],
    host: str | None,
    fetch: Callable[[Reference], Secret],
) -> Address:
    """Read a parameter such as ``{url: postgresql://reader@/shop, password_from: env:SHOP}``.

    ``host`` stands in when the URL names none. ``options`` are the only ones that the URL may give.

    Raises:
        CannotTellError: it is no such URL, holds a password or gives another option, or the
            password is not where it should be. The URL itself is not repeated.

    """
    try:
        parts = urlsplit(given["url"])
        port = parts.port
        query = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise CannotTellError("the URL of a database cannot be read") from error
    if parts.scheme not in schemes:
        raise CannotTellError(f"the URL of a database must begin with {min(schemes)}://")
    if parts.password is not None or {"password", "passwd", "pwd"} & {
        each.lower() for each in query
    }:
        raise CannotTellError(
            "the URL of a database holds a password: take it out, change it, and say in "
            "password_from where it is kept"
        )
    other = sorted(set(query) - options)
    if other:
        raise CannotTellError(f"the URL of a database gives an option unknown here: {other[0]}")
    is_named = parts.hostname or set(_NAMING) & set(query)
    return Address(
        host=(parts.hostname or "") if is_named else host or "",
        port=port,
        database=unquote(parts.path.lstrip("/")),
        user=unquote(parts.username or ""),
        options=query,
        password=_password(given.get("password_from"), fetch),
    )


def _password(reference: str | None, fetch: Callable[[Reference], Secret]) -> Secret | None:
    if reference is None:
        return None
    try:
        return fetch(Reference.parse(reference))
    except DecantError as error:
        raise CannotTellError(str(error)) from error
