"""The loopback Entra ID: OpenID configuration, and tokens for a client that knows its secret."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from migrate.demo.arm_message import Answer, Request, refusal

_CONFIGURATION = re.compile(r"/([^/]+)/v2\.0/\.well-known/openid-configuration")
_TOKEN = re.compile(r"/([^/]+)/oauth2/v2\.0/token")
_LIFE_SECONDS = 3600


def _opaque(scope: str) -> str:
    """Return a token that says nothing."""
    del scope
    return secrets.token_urlsafe(32)


@dataclass(kw_only=True)
class Tokens:
    """One tenant with one client."""

    tenant: str
    client_id: str
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    make: Callable[[str], str] = _opaque
    """Makes a token for a scope; another service may want to read something in it."""
    _issued: dict[str, float] = field(default_factory=dict, repr=False)

    def answer(self, request: Request, url: str) -> Answer | None:
        """Answer what is asked of the authority; None when it is not asked."""
        if match := _CONFIGURATION.fullmatch(request.path):
            return Answer(status=200, body=_configuration(f"{url}/{match[1]}"))
        if _TOKEN.fullmatch(request.path):
            return self._token(request.body)
        return None

    def is_good(self, token: str) -> bool:
        """Whether a token was issued here and still counts."""
        return self._issued.get(token, 0) > time.monotonic()

    def revoke_all(self) -> None:
        """Let no token that was issued so far count any more."""
        self._issued.clear()

    def refusal(self, request: Request, url: str) -> Answer:
        """Return what Resource Manager says to a request without a good token."""
        code = "ExpiredAuthenticationToken" if request.token else "AuthenticationFailed"
        challenge = f'Bearer authorization_uri="{url}/{self.tenant}", error="invalid_token"'
        return refusal(401, code, "Authentication failed.", WWW_Authenticate=challenge)

    def _token(self, body: bytes) -> Answer:
        form = {
            name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()
        }
        given = form.get("client_secret", "").encode()
        known = form.get("client_id") == self.client_id
        if not known or not hmac.compare_digest(given, self.client_secret.encode()):
            return Answer(status=401, body=_invalid_client())
        token = self.make(form.get("scope", ""))
        self._issued[token] = time.monotonic() + _LIFE_SECONDS
        return Answer(
            status=200,
            body={
                "token_type": "Bearer",
                "expires_in": _LIFE_SECONDS,
                "ext_expires_in": _LIFE_SECONDS,
                "access_token": token,
            },
        )


def _configuration(base: str) -> dict[str, Any]:
    return {
        "issuer": f"{base}/v2.0",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{base}/discovery/v2.0/keys",
    }


def _invalid_client() -> dict[str, Any]:
    return {
        "error": "invalid_client",
        "error_description": "AADSTS7000215: Invalid client secret provided.",
        "error_codes": [7000215],
    }
