"""Each way in which a cloud says no, or nothing, has its reason and its remedy.

Codes differ from service to service; these are those of the services' own documents and of
botocore's and azure-core's exceptions.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core import exceptions as azure
from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

from inventory.clouds import aws_failures, azure_failures
from inventory.model.fact import Reason

WHERE = "https://nowhere.example"


def _client_error(code: str, status: int, operation: str = "DescribeInstances") -> Exception:
    answer = {
        "Error": {"Code": code, "Message": "as AWS says it"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    error: Exception = aws.ClientError(answer, operation)
    return error


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDenied", 403),
        ("AccessDeniedException", 400),
        ("AuthorizationError", 403),
        ("AuthorizationErrorException", 403),
        ("Client.UnauthorizedOperation", 403),
        ("ForbiddenException", 403),
        ("NotAuthorized", 400),
        ("UnauthorizedAccess", 400),
        ("UnauthorizedException", 401),
        ("UnauthorizedOperation", 403),
        ("403", 403),
        ("", 403),
        ("WordOfNextYear", 403),
    ],
)
def test_every_way_of_aws_to_deny_names_what_to_allow(code: str, status: int) -> None:
    """Whatever the service calls it, and also when only the status says so."""
    told = aws_failures.unknown_of(_client_error(code, status), allow="ec2:DescribeInstances")
    assert told.reason is Reason.NEEDS_PRIVILEGE
    assert "allow ec2:DescribeInstances to these credentials" in told.detail


@pytest.mark.parametrize(
    ("code", "status", "reason", "words"),
    [
        ("ExpiredToken", 400, Reason.NEEDS_PRIVILEGE, "have expired"),
        ("ExpiredTokenException", 403, Reason.NEEDS_PRIVILEGE, "have expired"),
        ("RequestExpired", 400, Reason.NEEDS_PRIVILEGE, "have expired"),
        ("AuthFailure", 401, Reason.NEEDS_PRIVILEGE, "renew the credentials"),
        ("InvalidClientTokenId", 403, Reason.NEEDS_PRIVILEGE, "renew the credentials"),
        ("InvalidSignatureException", 403, Reason.NEEDS_PRIVILEGE, "clock"),
        ("SignatureDoesNotMatch", 403, Reason.NEEDS_PRIVILEGE, "clock"),
        ("", 401, Reason.NEEDS_PRIVILEGE, "renew the credentials"),
        ("Throttling", 400, Reason.NOT_TOLD, "throttling"),
        ("ThrottledException", 429, Reason.NOT_TOLD, "throttling"),
        ("Client.RequestLimitExceeded", 503, Reason.NOT_TOLD, "throttling"),
        ("SlowDown", 503, Reason.NOT_TOLD, "throttling"),
        ("TooManyRequests", 429, Reason.NOT_TOLD, "throttling"),
        ("WordOfNextYear", 429, Reason.NOT_TOLD, "throttling"),
        ("OptInRequired", 401, Reason.NOT_TOLD, "not set up in this account"),
        ("UninitializedAccountException", 400, Reason.NOT_TOLD, "not set up in this account"),
        ("InternalFailure", 500, Reason.UNREACHABLE, "has a fault"),
        ("ServiceUnavailable", 503, Reason.UNREACHABLE, "has a fault"),
        ("", 502, Reason.UNREACHABLE, "has a fault"),
        ("WordOfNextYear", 400, Reason.NOT_TOLD, "look up WordOfNextYear"),
        ("", 418, Reason.NOT_TOLD, "look up 418"),
    ],
)
def test_what_aws_answers_is_told_by_its_meaning(
    code: str, status: int, reason: Reason, words: str
) -> None:
    """With AWS's own words beside it."""
    told = aws_failures.unknown_of(_client_error(code, status))
    assert told.reason is reason
    assert words in told.detail
    assert "as AWS says it" in told.detail


@pytest.mark.parametrize(
    ("error", "reason", "words"),
    [
        (aws.NoCredentialsError(), Reason.NEEDS_PRIVILEGE, "give credentials"),
        (
            aws.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
            Reason.NEEDS_PRIVILEGE,
            "give credentials",
        ),
        (
            aws.CredentialRetrievalError(provider="process", error_msg="it ended with 1"),
            Reason.NEEDS_PRIVILEGE,
            "give credentials",
        ),
        (aws.UnauthorizedSSOTokenError(), Reason.NEEDS_PRIVILEGE, "aws sso login"),
        (
            aws.TokenRetrievalError(provider="sso", error_msg="it has expired"),
            Reason.NEEDS_PRIVILEGE,
            "aws sso login",
        ),
        (aws.LoginRefreshRequired(), Reason.NEEDS_PRIVILEGE, "aws login"),
        (aws.NoRegionError(), Reason.NOT_ASKED, "set region"),
        (aws.ProfileNotFound(profile="ours"), Reason.NOT_ASKED, "profile"),
        (aws.ConnectTimeoutError(endpoint_url=WHERE), Reason.TIMED_OUT, "network"),
        (aws.ReadTimeoutError(endpoint_url=WHERE), Reason.TIMED_OUT, "network"),
        (aws.ConnectionClosedError(endpoint_url=WHERE), Reason.UNREACHABLE, "network"),
        (aws.SSLError(endpoint_url=WHERE, error="self-signed"), Reason.UNREACHABLE, "endpoint"),
        (
            aws.EndpointConnectionError(endpoint_url=WHERE, error="refused"),
            Reason.UNREACHABLE,
            "endpoint",
        ),
        (ResponseParserError("no JSON"), Reason.UNREADABLE, "really is AWS's"),
        (aws.DataNotFoundError(data_path="x"), Reason.NOT_TOLD, "[aws]"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_aws_never_answered_is_told_by_its_cause(
    error: Exception, reason: Reason, words: str
) -> None:
    """Credentials, settings, network, or something that is not AWS."""
    assert isinstance(error, aws_failures.FAILURES)
    told = aws_failures.unknown_of(error)
    assert told.reason is reason
    assert words in told.detail


def test_a_denied_role_is_not_told_as_a_denied_question() -> None:
    """The remedy is with the role's trust, not with what was to be asked as the role."""
    denied = _client_error("AccessDenied", 403, "AssumeRole")
    told = aws_failures.unknown_of(denied, allow="ec2:DescribeInstances")
    assert told.reason is Reason.NEEDS_PRIVILEGE
    assert "external_id" in told.detail
    assert "allow ec2" not in told.detail


def test_long_words_are_cut_and_stay_on_one_line() -> None:
    """A page of HTML in place of an answer does not fill the screen."""
    answer = {"Error": {"Code": "x", "Message": "a\n" * 5_000}, "ResponseMetadata": {}}
    assert len(aws_failures.words_of(aws.ClientError(answer, "x"))) == 400
    assert "\n" not in aws_failures.words_of(aws.ClientError(answer, "x"))


class _Answer:
    """An answer of Resource Manager, as azure-core's exceptions take it."""

    def __init__(self, status: int, code: str | None) -> None:
        self.status_code, self.reason, self.headers = status, "as said", {}
        body = {"error": {"code": code, "message": "as Azure says it"}}
        self._text = json.dumps(body) if code is not None else "<html>"
        self.content_type = "application/json"

    def text(self, encoding: str | None = None) -> str:
        """Return the body."""
        assert encoding is None or encoding
        return self._text

    def json(self) -> Any:
        """Read the body."""
        return json.loads(self._text)


def _http_error(status: int, code: str | None) -> azure.HttpResponseError:
    answer: Any = _Answer(status, code)
    return azure.HttpResponseError(response=answer)


@pytest.mark.parametrize(
    ("status", "code", "reason", "words"),
    [
        (401, "ExpiredAuthenticationToken", Reason.NEEDS_PRIVILEGE, "has expired: sign in"),
        (401, "InvalidAuthenticationToken", Reason.NEEDS_PRIVILEGE, "give a credential"),
        (401, None, Reason.NEEDS_PRIVILEGE, "give a credential"),
        (403, "AuthorizationFailed", Reason.NEEDS_PRIVILEGE, "allow it Microsoft.X/y/read"),
        (403, "LinkedAuthorizationFailed", Reason.NEEDS_PRIVILEGE, "allow it Microsoft.X/y/read"),
        (403, None, Reason.NEEDS_PRIVILEGE, "decant cloud permissions azure"),
        (404, "SubscriptionNotFound", Reason.NOT_TOLD, "sees its subscription"),
        (409, "MissingSubscriptionRegistration", Reason.NOT_TOLD, "az provider register"),
        (429, "TooManyRequests", Reason.NOT_TOLD, "throttling"),
        (429, None, Reason.NOT_TOLD, "throttling"),
        (418, "WordOfNextYear", Reason.NOT_TOLD, "418 WordOfNextYear"),
        (500, "InternalServerError", Reason.UNREACHABLE, "has a fault"),
        (503, None, Reason.UNREACHABLE, "has a fault"),
    ],
)
def test_what_azure_answers_is_told_by_its_meaning(
    status: int, code: str | None, reason: Reason, words: str
) -> None:
    """By the status, and by the code where that says more."""
    told = azure_failures.unknown_of(_http_error(status, code), allow="Microsoft.X/y/read")
    assert told.reason is reason
    assert words in told.detail


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (azure.ServiceRequestTimeoutError("timed out"), Reason.TIMED_OUT),
        (azure.ServiceResponseTimeoutError("timed out"), Reason.TIMED_OUT),
        (azure.ServiceRequestError("Failed to resolve 'x'"), Reason.UNREACHABLE),
        (azure.ServiceResponseError("Connection aborted"), Reason.UNREACHABLE),
        (azure.ServiceRequestError("CERTIFICATE_VERIFY_FAILED"), Reason.UNREACHABLE),
        (azure.IncompleteReadError("cut"), Reason.UNREACHABLE),
        (azure.DecodeError("no JSON"), Reason.UNREADABLE),
        (azure.ClientAuthenticationError("AADSTS700082: it expired"), Reason.NEEDS_PRIVILEGE),
        (azure.ClientAuthenticationError("Failed to resolve 'login'"), Reason.UNREACHABLE),
    ],
    ids=str,
)
def test_what_azure_never_answered_is_told_by_its_cause(error: Exception, reason: Reason) -> None:
    """Network, credentials, or something that is not Azure."""
    assert isinstance(error, azure_failures.FAILURES)
    assert azure_failures.unknown_of(error).reason is reason


def test_only_azure_s_own_word_means_that_something_is_absent() -> None:
    """A 404 for any other cause leaves it unknown."""
    assert azure_failures.says_absent(_http_error(404, "ResourceNotFound"))
    assert not azure_failures.says_absent(_http_error(404, "SubscriptionNotFound"))
    assert not azure_failures.says_absent(_http_error(404, None))
    assert not azure_failures.says_absent(_http_error(403, "ResourceNotFound"))
