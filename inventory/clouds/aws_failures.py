"""What AWS's failures mean: each becomes an unknown with its reason and its remedy.

Imports botocore, so it is itself imported only where AWS is asked.
"""

from __future__ import annotations

from botocore import exceptions  # type: ignore[import-untyped]
from botocore.parsers import ResponseParserError  # type: ignore[import-untyped]

from inventory.model.fact import Reason, Unknown

FAILURES = (exceptions.ClientError, exceptions.BotoCoreError, ResponseParserError)
"""Everything that asking AWS may raise."""

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "ForbiddenException",
        "NotAuthorized",
        "NotAuthorizedException",
        "UnauthorizedAccess",
        "UnauthorizedAccessException",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
_EXPIRED = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
)
_REJECTED = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_NOT_SIGNED_UP = frozenset(
    {
        "InvalidAccessException",
        "OptInRequired",
        "SubscriptionRequiredException",
        "UninitializedAccountException",
    }
)
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
    }
)
"""As botocore's own retries know them, and services' documentation."""
_IS_REJECTED = (
    Reason.NEEDS_PRIVILEGE,
    "renew the credentials, or check the clock of this machine",
)
_IS_THROTTLED = (Reason.NOT_TOLD, "AWS is throttling: run the same command again later")
_MEANINGS = {
    **dict.fromkeys(_EXPIRED, (Reason.NEEDS_PRIVILEGE, "the credentials have expired: renew them")),
    **dict.fromkeys(_REJECTED, _IS_REJECTED),
    **dict.fromkeys(
        _NOT_SIGNED_UP,
        (Reason.NOT_TOLD, "the service is not set up in this account and region"),
    ),
    **dict.fromkeys(_THROTTLED, _IS_THROTTLED),
}
_WITHOUT_ANSWER: tuple[tuple[tuple[type[Exception], ...], Reason, str], ...] = (
    (
        (
            exceptions.SSOError,
            exceptions.TokenRetrievalError,
            exceptions.NoAuthTokenError,
            exceptions.LoginError,
        ),
        Reason.NEEDS_PRIVILEGE,
        "sign in again: aws sso login, or aws login",
    ),
    (
        (
            exceptions.NoCredentialsError,
            exceptions.PartialCredentialsError,
            exceptions.CredentialRetrievalError,
        ),
        Reason.NEEDS_PRIVILEGE,
        "give credentials by environment, profile or role, as the AWS command line takes them",
    ),
    (
        (
            exceptions.NoRegionError,
            exceptions.ProfileNotFound,
            exceptions.ConfigParseError,
            exceptions.ConfigNotFound,
            exceptions.InvalidRegionError,
        ),
        Reason.NOT_ASKED,
        "set region and profile under [aws] in decant.toml",
    ),
    (
        (exceptions.ConnectTimeoutError, exceptions.ReadTimeoutError),
        Reason.TIMED_OUT,
        "check the network to the endpoint and run the command again",
    ),
    (
        (exceptions.HTTPClientError, exceptions.ConnectionError, exceptions.IncompleteReadError),
        Reason.UNREACHABLE,
        "check the network, the region and the endpoint",
    ),
    ((ResponseParserError,), Reason.UNREADABLE, "check that the endpoint really is AWS's"),
)
"""What failed before AWS answered, the narrower kinds first."""
_FORBIDDEN, _UNAUTHENTICATED, _TOO_MANY, _SERVER_ERROR = 403, 401, 429, 500
_MOST_WORDS = 400


def unknown_of(error: Exception, *, allow: str = "") -> Unknown:
    """Say why something cannot be known: the reason, AWS's words, and the remedy.

    ``allow`` names what these credentials would have to be allowed.
    """
    said = " ".join(_words(error).split())[:_MOST_WORDS]
    reason, remedy = _answered(error, allow) if _is_answer(error) else _unanswered(error)
    return Unknown(reason=reason, detail=f"AWS: {said}; {remedy}")


def code_of(error: Exception) -> str:
    """Return AWS's code of a failure, such as ``AccessDenied``; empty when it gave none.

    Some services write whose fault it was before it, as in ``Client.UnauthorizedOperation``.
    """
    return _of_aws(error, "Code").removeprefix("Client.").removeprefix("Server.")


def words_of(error: Exception) -> str:
    """Return what AWS says of a failure, on one line, and what to do about it."""
    said = " ".join(_words(error).split())[:_MOST_WORDS]
    return said if _is_answer(error) else f"{said}; {_unanswered(error)[1]}"


def _is_answer(error: Exception) -> bool:
    # Whatever stands between, such as a proxy, may answer without any of AWS's codes.
    return bool(code_of(error) or _status(error))


def _of_aws(error: Exception, part: str) -> str:
    if not isinstance(error, exceptions.ClientError):
        return ""
    return str(error.response.get("Error", {}).get(part, ""))


def _words(error: Exception) -> str:
    return _of_aws(error, "Message") or str(error)


def _answered(error: Exception, allow: str) -> tuple[Reason, str]:
    said, status = code_of(error), _status(error)
    if said in _MEANINGS:
        return _MEANINGS[said]
    if said in _DENIED or status == _FORBIDDEN:
        return Reason.NEEDS_PRIVILEGE, _denied(error, allow)
    if status == _UNAUTHENTICATED:
        return _IS_REJECTED
    if status == _TOO_MANY:
        return _IS_THROTTLED
    if status >= _SERVER_ERROR:
        return Reason.UNREACHABLE, "the service has a fault: run the same command again later"
    return Reason.NOT_TOLD, f"look up {said or status} in the service's API reference"


def _denied(error: Exception, allow: str) -> str:
    if getattr(error, "operation_name", "") == "AssumeRole":
        return (
            "check the account's role and external_id under [aws] in decant.toml, that its trust "
            "names these credentials, and that they are allowed sts:AssumeRole on it"
        )
    return (
        f"allow {allow or 'this'} to these credentials; "
        "decant cloud permissions aws prints what is needed"
    )


def _status(error: Exception) -> int:
    answer = (getattr(error, "response", None) or {}).get("ResponseMetadata", {})
    return int(answer.get("HTTPStatusCode") or 0)


def _unanswered(error: Exception) -> tuple[Reason, str]:
    for kinds, reason, remedy in _WITHOUT_ANSWER:
        if isinstance(error, kinds):
            return reason, remedy
    return Reason.NOT_TOLD, "check the [aws] table of decant.toml"
