"""Roles are assumed by botocore's own means, on a real moto server, and whatever fails is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from clouds import BRIEF
from loopback_sts import loopback_sts
from permitted import check_nothing, make_user

from inventory.clouds.aws_reach import AwsReach
from inventory.errors import RefusedError
from inventory.model.cloud_calls import Provider, aws_call
from inventory.model.cloud_settings import AwsAccount, AwsSettings
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws import look_at_instance
from migrate.clouds.aws_names import id_of
from migrate.clouds.identity_aws import identities
from migrate.clouds.readers import REGISTRIES, read
from migrate.demo.moto import LoopbackAws, loopback_aws

pytestmark = pytest.mark.moto

READERS = REGISTRIES[Provider.AWS].all()
OTHER = "210987654321"
ROLE = f"arn:aws:iam::{OTHER}:role/decant"
LIBRARIES = AwsAccount(name="libraries", id=OTHER, role=ROLE, external_id="councils-12")


@pytest.fixture(scope="module")
def aws() -> Iterator[LoopbackAws]:
    """Return a running AWS."""
    with loopback_aws() as running:
        yield running


@pytest.fixture
def settings(
    aws: LoopbackAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[AwsSettings]:
    """Return settings that lead to it, with another account beside the credentials' own."""
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    yield AwsSettings(
        region=aws.region, accounts=(LIBRARIES,), patience=replace(BRIEF, answer_seconds=20)
    )
    check_nothing(aws)


def test_each_account_is_asked_as_its_own_role(settings: AwsSettings) -> None:
    """The credentials' own account as they are, the other as the role, which was assumed once."""
    with closing(AwsReach(settings=settings)) as reach:
        own, other = identities(reach)
        assert identities(reach)[1] == other
        rows = reach.tally.rows()
    assert own.who == "arn:aws:sts::123456789012:user/moto"
    assert (own.place, own.source) == ("123456789012", "environment")
    assert other.who == f"arn:aws:sts::{OTHER}:assumed-role/decant/decant"
    assert (other.name, other.place, other.source) == ("libraries", OTHER, f"role {ROLE}")
    assert (f"{OTHER} eu-west-2", "sts:AssumeRole", 1) in rows


def test_places_of_another_account_are_asked_there(settings: AwsSettings) -> None:
    """An ARN leads to its account: what is made there is not seen from our own."""
    with closing(AwsReach(settings=settings)) as reach:
        place = reach.place_of(f"arn:aws:ec2:eu-west-2:{OTHER}:instance/i-1")
        calls = [aws_call("ec2:CreateVpc", changes=True), aws_call("ec2:DescribeVpcs")]
        theirs = reach.client("ec2", place, calls, changes=True)
        made = theirs.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]
        assert made["OwnerId"] == OTHER
        own = reach.client("ec2", reach.place_of("i-1"), calls)
        assert made["VpcId"] not in [each["VpcId"] for each in own.describe_vpcs()["Vpcs"]]
        assert [each.account for each in reach.places()] == ["", OTHER]


@pytest.mark.parametrize("name", READERS)
def test_what_is_in_an_account_that_we_cannot_reach_is_not_absent(
    settings: AwsSettings, name: str
) -> None:
    """No reader looks for it in our own account; the account and the remedy are named."""
    reader = READERS[name].value
    arn = {
        "database": f"arn:aws:rds:eu-west-2:{OTHER}:db:shop",
        "storage": f"arn:aws:elasticfilesystem:eu-west-2:{OTHER}:file-system/fs-1",
    }.get(name, f"arn:aws:ec2:eu-west-2:{OTHER}:instance/i-0a1b2c3d4e5f60718")
    with closing(AwsReach(settings=replace(settings, accounts=()))) as reach:
        ids, place = (id_of(arn),), reach.place_of(arn)
        asked = AwsAsked(reach=reach, place=place, ids=ids, calls=reader.calls)
        (told,) = read(reader, asked).values()
        assert reach.tally.rows() == ((f"{OTHER} eu-west-2", "sts:GetCallerIdentity", 1),)
    assert isinstance(told, Unknown)
    assert told.reason is Reason.NOT_ASKED
    assert f"of the account 123456789012 and not {OTHER}" in told.detail
    assert "[[aws.accounts]]" in told.detail


def test_an_account_whose_profile_is_anothers_is_not_asked(
    settings: AwsSettings, tmp_path: Path
) -> None:
    """A setting that names the account does not make the credentials its own."""
    (tmp_path / "config").write_text("[profile mine]\nregion = eu-west-2\n")
    (tmp_path / "credentials").write_text(
        "[mine]\naws_access_key_id = made-up\naws_secret_access_key = made-up\n"
    )
    wrong = AwsAccount(name="libraries", id=OTHER, profile="mine")
    with closing(AwsReach(settings=replace(settings, accounts=(wrong,)))) as reach:
        _, place = reach.places()
        with pytest.raises(RefusedError, match=f"not {OTHER}"):
            reach.client("ec2", place, [])


@pytest.mark.parametrize(
    "said", ["<html/>", "<GetCallerIdentityResponse/>", "", "<GetCallerIdentityResponse>"]
)
def test_who_is_not_told_whose_credentials_are_is_not_told_more(
    settings: AwsSettings, said: str
) -> None:
    """A token service that answers something else leaves the place unknown."""
    arn = f"arn:aws:ec2:eu-west-2:{OTHER}:instance/i-0a1b2c3d4e5f60718"
    with loopback_sts("", said) as sts:
        led = replace(settings, accounts=(), endpoints={"sts": sts})
        with closing(AwsReach(settings=led)) as reach:
            told = look_at_instance(reach, arn)
    assert isinstance(told, Unknown)
    assert told.reason is Reason.UNREADABLE


def test_our_own_account_may_be_named(settings: AwsSettings) -> None:
    """An ARN of it is asked like a bare id; whose it is, is asked once."""
    calls = [aws_call("ec2:DescribeVpcs"), aws_call("ec2:DescribeSubnets")]
    with closing(AwsReach(settings=settings)) as reach:
        place = reach.place_of("arn:aws:ec2:eu-west-2:123456789012:instance/i-1")
        assert reach.client("ec2", place, calls).describe_vpcs()["Vpcs"]
        assert reach.client("ec2", place, calls[1:]).describe_subnets()["Subnets"]
        assert {call: count for _, call, count in reach.tally.rows()} == {
            "sts:GetCallerIdentity": 1,
            "ec2:DescribeVpcs": 1,
            "ec2:DescribeSubnets": 1,
        }


def test_a_denied_role_says_what_to_look_at(
    aws: LoopbackAws, settings: AwsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not assume it learns so: of the role, not of what would have been asked as it."""
    for name, value in make_user(aws).items():
        monkeypatch.setenv(name, value)
    with closing(AwsReach(settings=settings)) as reach:
        own, other = identities(reach)
    assert isinstance(own.who, str)
    assert isinstance(other.who, Unknown)
    assert other.who.reason is Reason.NEEDS_PRIVILEGE
    assert "external_id" in other.who.detail
    assert "sts:AssumeRole" in other.who.detail


def test_a_profile_may_lead_to_an_account(
    settings: AwsSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that leads elsewhere is found out: nothing is asked of the wrong account unseen."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    (tmp_path / "credentials").write_text(
        "[ours]\naws_access_key_id = a\naws_secret_access_key = the-secret-itself\n"
    )
    (tmp_path / "config").write_text(
        f"[profile theirs]\nrole_arn = {ROLE}\nsource_profile = ours\n"
    )
    found = AwsAccount(name="libraries", id=OTHER, profile="theirs")
    wrong = AwsAccount(name="schools", id="111111111111", profile="ours")
    with closing(AwsReach(settings=replace(settings, accounts=(found, wrong)))) as reach:
        own, libraries, schools = identities(reach)
    assert isinstance(own.who, Unknown)
    assert "give credentials" in own.who.detail
    assert libraries.who
    assert not isinstance(libraries.who, Unknown)
    assert libraries.source == "role of the profile, profile theirs"
    assert isinstance(schools.who, Unknown)
    assert "of the account 123456789012 and not 111111111111" in schools.who.detail
    assert "the-secret-itself" not in repr((own, libraries, schools))


def test_a_profile_that_there_is_not_costs_only_its_account(settings: AwsSettings) -> None:
    """The others are told."""
    gone = AwsAccount(name="gone", id="111111111111", profile="nobody")
    with closing(AwsReach(settings=replace(settings, accounts=(gone, LIBRARIES)))) as reach:
        own, missing, libraries = identities(reach)
    assert isinstance(own.who, str)
    assert isinstance(libraries.who, str)
    assert isinstance(missing.who, Unknown)
    assert missing.who.reason is Reason.NOT_ASKED


def test_a_region_that_is_not_allowed_is_not_asked(settings: AwsSettings) -> None:
    """Not even who we are there."""
    with closing(
        AwsReach(settings=replace(settings, region="us-east-1", regions=("eu-west-2",)))
    ) as reach:
        own = identities(reach)[0]
        assert reach.tally.total == 0
        with pytest.raises(RefusedError):
            reach.client("ec2", reach.place_of("arn:aws:ec2:us-west-2:1:instance/i-1"), [])
    assert isinstance(own.who, Unknown)
    assert "us-east-1" in own.who.detail


_ASSUMED = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleResult><Credentials><AccessKeyId>ASIAMADE</AccessKeyId>
<SecretAccessKey>made</SecretAccessKey><SessionToken>the-session-token</SessionToken>
<Expiration>{until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
_CALLER = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:sts::210987654321:assumed-role/decant/decant</Arn>
<UserId>x</UserId><Account>210987654321</Account></GetCallerIdentityResult>
</GetCallerIdentityResponse>"""
_FAULT = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"""


@contextmanager
def _token_service(life: timedelta, fault: tuple[int, str] | None = None) -> Iterator[Any]:
    """Run a token service whose roles last so long (format as documented); it keeps a log."""
    log: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            log.append(asked)
            status, body = 200, _CALLER
            if asked["Action"] == ["AssumeRole"] and fault:
                status, body = fault[0], _FAULT.format(code=fault[1], message="as AWS says it")
            elif asked["Action"] == ["AssumeRole"]:
                until = datetime.now(UTC) + life
                body = _ASSUMED.format(until=f"{until:%Y-%m-%dT%H:%M:%SZ}")
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", log
        server.shutdown()
        thread.join()


def test_a_role_is_assumed_anew_before_it_ends(settings: AwsSettings) -> None:
    """One that has hours left is kept; one that is about to end is not used to its end."""
    for life, times in ((timedelta(hours=1), 1), (timedelta(minutes=5), 3)):
        with _token_service(life) as (url, log):
            own = replace(settings, endpoints={"sts": url})
            with closing(AwsReach(settings=own)) as reach:
                for _ in range(3):
                    assert isinstance(identities(reach)[1].who, str)
        assumed = [each for each in log if each["Action"] == ["AssumeRole"]]
        assert len(assumed) == times
        assert {each["ExternalId"][0] for each in assumed} == {"councils-12"}
        assert {each["RoleArn"][0] for each in assumed} == {ROLE}
        assert {each["RoleSessionName"][0] for each in assumed} == {"decant"}


@pytest.mark.parametrize(
    ("status", "code", "reason", "words"),
    [
        (403, "AccessDenied", Reason.NEEDS_PRIVILEGE, "its trust names these credentials"),
        (403, "ExpiredToken", Reason.NEEDS_PRIVILEGE, "have expired: renew them"),
        (403, "InvalidClientTokenId", Reason.NEEDS_PRIVILEGE, "renew the credentials"),
        (403, "SignatureDoesNotMatch", Reason.NEEDS_PRIVILEGE, "the clock of this machine"),
        (400, "Throttling", Reason.NOT_TOLD, "throttling"),
        (503, "ServiceUnavailable", Reason.UNREACHABLE, "has a fault"),
    ],
)
def test_whatever_keeps_a_role_from_being_assumed_is_told(
    settings: AwsSettings, status: int, code: str, reason: Reason, words: str
) -> None:
    """Each by its reason, with AWS's words and what to do."""
    with (
        _token_service(timedelta(hours=1), (status, code)) as (url, _),
        closing(AwsReach(settings=replace(settings, endpoints={"sts": url}))) as reach,
    ):
        who = identities(reach)[1].who
    assert isinstance(who, Unknown)
    assert who.reason is reason
    assert "as AWS says it" in who.detail
    assert words in who.detail


def test_an_answer_that_breaks_off_is_unknown(settings: AwsSettings) -> None:
    """It says how long it is and ends before: that is the network, not a fault of ours."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<GetCaller")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        own = replace(settings, accounts=(), endpoints={"sts": url})
        with closing(AwsReach(settings=own)) as reach:
            (found,) = identities(reach)
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    assert isinstance(found.who, Unknown)
    assert found.who.reason in {Reason.UNREACHABLE, Reason.UNREADABLE}
