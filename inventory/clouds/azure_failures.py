"""What Azure's failures mean: each becomes an unknown with its reason and its remedy.

Imports azure, so it is itself imported only where Azure is asked.
"""

from __future__ import annotations

from azure.core import exceptions

from inventory.model.fact import Reason, Unknown

FAILURES = (exceptions.AzureError,)
"""Everything that asking Azure may raise."""

_NOT_REGISTERED = "MissingSubscriptionRegistration"
_ABSENT = frozenset({"ResourceNotFound", "ResourceGroupNotFound"})
_UNAUTHENTICATED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404
_TOO_MANY, _SERVER_ERROR = 429, 500
_MOST_WORDS = 400
_NETWORK_SIGNS = (
    "CERTIFICATE_VERIFY_FAILED",
    "Connection aborted",
    "Failed to establish a new connection",
    "Failed to resolve",
    "timed out",
)


def unknown_of(error: Exception, *, allow: str = "") -> Unknown:
    """Say why something cannot be known: the reason, Azure's words, and the remedy.

    ``allow`` names what the credential would have to be allowed.
    """
    reason, remedy = _reason(error, allow)
    return Unknown(reason=reason, detail=f"Azure: {_words(error)}; {remedy}")


def words_of(error: Exception) -> str:
    """Return what Azure says of a failure, on one line."""
    return _words(error)


def says_absent(error: Exception) -> bool:
    """Tell whether Azure says that the resource does not exist."""
    # Any other 404 does not count: a subscription that the credential may not see answers so too.
    return (
        isinstance(error, exceptions.HttpResponseError)
        and error.status_code == _NOT_FOUND
        and _code(error) in _ABSENT
    )


def _words(error: Exception) -> str:
    said = str(getattr(getattr(error, "error", None), "message", None) or error)
    return " ".join(said.split())[:_MOST_WORDS]


def _code(error: Exception) -> str:
    return str(getattr(getattr(error, "error", None), "code", None) or "")


def _reason(error: Exception, allow: str) -> tuple[Reason, str]:
    if _is_unauthenticated(error) and not _is_network(error):
        expired = "xpired" in f"{_code(error)} {error}"
        return Reason.NEEDS_PRIVILEGE, (
            "the credential has expired: sign in again, or renew its secret"
            if expired
            else "give a credential by environment, managed identity or az login"
        )
    if isinstance(error, exceptions.IncompleteReadError):
        return Reason.UNREACHABLE, "the answer broke off: run the same command again"
    if isinstance(error, exceptions.DecodeError):
        return Reason.UNREADABLE, "check that the endpoint really is Azure's"
    if isinstance(error, exceptions.HttpResponseError) and error.status_code:
        return _answered(error, allow)
    return _unanswered(error)


def _is_unauthenticated(error: Exception) -> bool:
    return isinstance(error, exceptions.ClientAuthenticationError) or (
        getattr(error, "status_code", None) == _UNAUTHENTICATED
    )


def _is_network(error: Exception) -> bool:
    # The identity library calls it a failed authentication when it never reached the authority.
    said = str(error)
    return "AADSTS" not in said and any(sign in said for sign in _NETWORK_SIGNS)


def _answered(error: exceptions.HttpResponseError, allow: str) -> tuple[Reason, str]:
    status = error.status_code or 0
    if status == _FORBIDDEN:
        wanted = f"allow it {allow}" if allow else "give it the role Reader on the resource group"
        return (
            Reason.NEEDS_PRIVILEGE,
            f"{wanted}; decant cloud permissions azure prints what is needed",
        )
    if status == _NOT_FOUND:
        return (
            Reason.NOT_TOLD,
            "check the resource id, and that the credential sees its subscription",
        )
    if status == _TOO_MANY:
        return Reason.NOT_TOLD, "Azure is throttling: run the same command again later"
    if _code(error) == _NOT_REGISTERED:
        return Reason.NOT_TOLD, (
            "that resource provider is not registered on the subscription: az provider register"
        )
    if status >= _SERVER_ERROR:
        return Reason.UNREACHABLE, "the service has a fault: run the same command again later"
    return Reason.NOT_TOLD, f"Azure answered {status} {_code(error)}".rstrip()


def _unanswered(error: Exception) -> tuple[Reason, str]:
    timeouts = (exceptions.ServiceRequestTimeoutError, exceptions.ServiceResponseTimeoutError)
    if isinstance(error, timeouts) or "timed out" in str(error).lower():
        return Reason.TIMED_OUT, "check the network to the endpoint and run the command again"
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Reason.UNREACHABLE, (
            "its certificate is not trusted: name the authority by ca_file under [azure]"
        )
    return Reason.UNREACHABLE, "check the network and the endpoint under [azure] in decant.toml"
