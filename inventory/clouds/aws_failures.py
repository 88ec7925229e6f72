"""What AWS's failures mean: each becomes an unknown with its reason and its remedy.

Imports botocore, so it is itself imported only where AWS is asked.
"""

from __future__ import annotations

from botocore import exceptions  # type: ignore[import-untyped]
from botocore.parsers import ResponseParserError  # type: ignore[import-untyped]

from inventory.model.fact import Reason, Unknown

FAILURES = (exceptions.ClientError, exceptions.BotoCoreError, ResponseParserError)
"""Everything that asking AWS may raise."""

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_REJECTED = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "MissingAuthenticationToken",
        "OptInRequired",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_THROTTLED = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_NO_CREDENTIALS = (
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.CredentialRetrievalError,
    exceptions.TokenRetrievalError,
    exceptions.NoAuthTokenError,
    exceptions.SSOError,
    exceptions.LoginError,
)
_NOT_CONFIGURED = (
    exceptions.NoRegionError,
    exceptions.ProfileNotFound,
    exceptions.ConfigParseError,
    exceptions.ConfigNotFound,
    exceptions.InvalidRegionError,
)
_SERVER_ERROR = 500
_MOST_WORDS = 400


def unknown_of(error: Exception, *, allow: str = "") -> Unknown:
    """Say why something cannot be known: the reason, AWS's words, and the remedy.

    ``allow`` names what these credentials would have to be allowed.
    """
    said = " ".join(_words(error).split())[:_MOST_WORDS]
    reason, remedy = _answered(error, allow) if code_of(error) else _unanswered(error)
    return Unknown(reason=reason, detail=f"AWS: {said}; {remedy}")


def code_of(error: Exception) -> str:
    """Return AWS's code of a failure, such as ``AccessDenied``; empty when it gave none."""
    return _of_aws(error, "Code")


def words_of(error: Exception) -> str:
    """Return what AWS says of a failure, on one line, and what to do about it."""
    said = " ".join(_words(error).split())[:_MOST_WORDS]
    return said if code_of(error) else f"{said}; {_unanswered(error)[1]}"


def _of_aws(error: Exception, part: str) -> str:
    if not isinstance(error, exceptions.ClientError):
        return ""
    return str(error.response.get("Error", {}).get(part, ""))


def _words(error: Exception) -> str:
    return _of_aws(error, "Message") or str(error)


def _answered(error: Exception, allow: str) -> tuple[Reason, str]:
    said = code_of(error)
    if said in _DENIED:
        return Reason.NEEDS_PRIVILEGE, (
            f"allow {allow or 'this'} to these credentials; "
            "decant cloud permissions prints what is needed"
        )
    if said in _REJECTED:
        return Reason.NEEDS_PRIVILEGE, "renew the credentials, or check the clock of this machine"
    if said in _THROTTLED:
        return Reason.NOT_TOLD, "AWS is throttling: run the same command again later"
    status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= _SERVER_ERROR:
        return Reason.UNREACHABLE, "the service has a fault: run the same command again later"
    return Reason.NOT_TOLD, f"look up {said} in the service's API reference"


def _unanswered(error: Exception) -> tuple[Reason, str]:
    if isinstance(error, _NO_CREDENTIALS):
        return Reason.NEEDS_PRIVILEGE, (
            "give credentials by environment, profile or role, as the AWS command line takes them"
        )
    if isinstance(error, _NOT_CONFIGURED):
        return Reason.NOT_ASKED, "set region and profile under [aws] in decant.toml"
    if isinstance(error, exceptions.ConnectTimeoutError | exceptions.ReadTimeoutError):
        return Reason.TIMED_OUT, "check the network to the endpoint and run the command again"
    if isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError):
        return Reason.UNREACHABLE, "check the network, the region and the endpoint"
    if isinstance(error, ResponseParserError):
        return Reason.UNREADABLE, "check that the endpoint really is AWS's"
    return Reason.NOT_TOLD, "check the [aws] table of decant.toml"
