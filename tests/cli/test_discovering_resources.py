"""What clouds run and keep beside servers is found, question by question; nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from terminal import Decant

from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, refusal
from migrate.demo.moto import LoopbackAws, loopback_aws

Builder = Callable[[str], Any]
_ACCOUNT = "123456789012"
SECRET = {"Key": "db_password", "Value": "hunter2"}
"""A tag such as people do write."""


@pytest.fixture
def aws(decant: Decant, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackAws]:
    """Return an AWS of its own, which the environment of the terminal leads to."""
    assert decant("init").code == 0
    with loopback_aws() as running:
        requests.post(f"{running.url}/moto-api/reset", timeout=10).raise_for_status()
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        _configure('[aws]\nregion = "eu-west-2"')
        yield running


@pytest.fixture
def build(aws: LoopbackAws) -> Builder:
    """Return clients that make things, as whoever builds the new estate does."""

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name=aws.region,
            endpoint_url=aws.url,
            aws_access_key_id="loopback",
            aws_secret_access_key="loopback",  # noqa: S106 -- moto takes any
        )

    return client


@pytest.fixture
def arm(decant: Decant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return an Azure of its own, which the estate's only subscription is in."""
    assert decant("init").code == 0
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        _configure(f'[azure]\nsubscription = "{running.subscription}"\ncredential = "environment"')
        yield running


def _configure(table: str) -> None:
    """Replace the whole estate by its name and a table."""
    Path("decant.toml").write_text(f'[estate]\nname = "Test"\n\n{table}\n')


def _listed(decant: Decant, *options: str) -> dict[str, dict[str, Any]]:
    rows = decant("resources", "--format", "json", *options).json()
    return {each["name"]: each for each in rows}


def _database(build: Builder, name: str, **more: Any) -> str:
    made = build("rds").create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t3.medium",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="admin1",
        MasterUserPassword="not a secret",
        DBName="shop",
        **more,
    )
    return str(made["DBInstance"]["DBInstanceArn"])


@pytest.mark.moto
def test_what_aws_runs_beside_servers_is_listed(decant: Decant, build: Builder) -> None:
    """Each kind comes with its id as moves name it, its endpoints and tags; no password does.

    Neither that of its administrator nor one that somebody wrote into a tag, of a server either.
    """
    arn = _database(build, "shop-db", Tags=[{"Key": "owner", "Value": "it"}, SECRET])
    files = build("efs").create_file_system(Tags=[{"Key": "Name", "Value": "files"}])
    build("s3").create_bucket(
        Bucket="shop-files", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    build("s3").put_bucket_tagging(
        Bucket="shop-files", Tagging={"TagSet": [{"Key": "server", "Value": "files-1"}]}
    )
    vpc = build("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = build("ec2").create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    build("elbv2").create_load_balancer(Name="shop-lb", Subnets=[subnet], Type="network")
    windows = build("fsx").create_file_system(
        FileSystemType="WINDOWS", StorageCapacity=32, SubnetIds=[subnet]
    )
    instance = build("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    web = instance["Instances"][0]["InstanceId"]
    build("ec2").create_tags(Resources=[web], Tags=[SECRET])
    said = decant("discover", "aws:")
    assert (said.code, said.out) == (0, ""), said.err
    assert "5 other resources of clouds" in said.err
    found = _listed(decant)
    shop = found["shop-db"]
    assert (shop["id"], shop["kind"], shop["engine"]) == (arn, "database server", "postgres")
    assert shop["holds"] == ["shop"]
    assert shop["endpoints"] == ["shop-db.aaaaaaaaaa.eu-west-2.rds.amazonaws.com"]
    assert shop["size_bytes"] == 20 << 30
    assert shop["tags"] == {"db_password": "***", "owner": "it"}
    assert shop["question"] == "rds:DescribeDBInstances"
    number = files["FileSystemId"]
    assert found["files"]["endpoints"] == [f"{number}.efs.eu-west-2.amazonaws.com"]
    assert found["shop-files"]["id"] == "arn:aws:s3:::shop-files"
    assert found["shop-files"]["tags"] == {"server": "files-1"}
    assert found["shop-lb"]["kind"] == "load balancer"
    assert found[windows["FileSystem"]["FileSystemId"]]["engine"] == "WINDOWS"
    kept = b"".join(each.read_bytes() for each in Path().glob("decant.db*"))
    assert b"not a secret" not in kept
    assert b"hunter2" not in kept
    shown = decant("show", web).out
    assert "db_password" in shown
    assert "hunter2" not in shown


@pytest.mark.moto
def test_what_is_deleted_is_gone_and_comes_back(decant: Decant, build: Builder) -> None:
    """A question that is answered without it says so; it keeps the time when it was first seen."""
    _database(build, "shop-db")
    assert decant("discover", "aws:").code == 0
    before = _listed(decant)["shop-db"]
    build("rds").delete_db_instance(DBInstanceIdentifier="shop-db", SkipFinalSnapshot=True)
    said = decant("discover", "aws:")
    assert "0 other resources of clouds; gone: 1" in said.err
    assert _listed(decant) == {}
    gone = _listed(decant, "--gone")["shop-db"]
    assert gone["last_seen"] == before["last_seen"]
    assert gone["gone_since"] > gone["last_seen"]
    _database(build, "shop-db")
    assert decant("discover", "aws:").code == 0
    again = _listed(decant)["shop-db"]
    assert (again["gone_since"], again["first_seen"]) == (None, before["first_seen"])


@pytest.mark.moto
def test_a_service_that_does_not_answer_empties_nothing(decant: Decant, build: Builder) -> None:
    """What it told of stays, with the doubt; the others are told, and the exit code is 3."""
    _database(build, "shop-db")
    assert decant("discover", "aws:").code == 0
    build("rds").delete_db_instance(DBInstanceIdentifier="shop-db", SkipFinalSnapshot=True)
    build("efs").create_file_system(Tags=[{"Key": "Name", "Value": "files"}])
    _configure('[aws]\nregion = "eu-west-2"\n[aws.endpoints]\nrds = "http://127.0.0.1:9"')
    said = decant("discover", "aws:")
    assert said.code == 3
    source = f"aws:{_ACCOUNT}:eu-west-2"
    assert f"no answer from {source} rds:DescribeDBInstances: AWS: Could not connect" in said.err
    assert "gone:" not in said.err
    listed = decant("resources", "--format", "json")
    found = {each["name"]: each for each in listed.json()}
    assert set(found) == {"files", "shop-db"}
    assert found["shop-db"]["doubt"]["reason"] == "unreachable"
    assert found["files"]["doubt"] is None
    assert f"not told: {source} rds:DescribeDBInstances (told last on 20" in listed.err


def test_a_cloud_that_answers_nothing_is_not_said_to_have_told(
    decant: Decant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody reads from it that there is nothing."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    _configure('[aws]\nregion = "eu-west-2"')
    said = decant("discover", "aws:")
    assert said.code == 3
    assert "Unable to locate credentials" in said.err
    assert "told of" not in said.err


def _put(arm: LoopbackArm, path: str, *, location: str = "uksouth", **properties: Any) -> str:
    group = f"/subscriptions/{arm.subscription}/resourceGroups/Shop/providers"
    arm.resources.put(f"{group}/{path}", location=location, properties=properties)
    return f"{group}/{path}"


def test_what_azure_runs_beside_machines_is_listed(decant: Decant, arm: LoopbackArm) -> None:
    """Databases and shares come with what they are within; other regions are left out."""
    server = _put(
        arm,
        "Microsoft.Sql/servers/shop-sql",
        location="UK South",
        fullyQualifiedDomainName="Shop-SQL.database.windows.net",
        state="Ready",
        version="12.0",
    )
    database = _put(arm, "Microsoft.Sql/servers/shop-sql/databases/shop", status="Online")
    _put(arm, "Microsoft.Sql/servers/far", location="eastus")
    account = _put(
        arm,
        "Microsoft.Storage/storageAccounts/shopfiles",
        primaryEndpoints={"file": "https://shopfiles.file.core.windows.net/"},
    )
    share = "Microsoft.Storage/storageAccounts/shopfiles/fileServices/default/shares/finance"
    _put(arm, share, shareQuota=100)
    _put(
        arm,
        "Microsoft.Network/loadBalancers/front",
        frontendIPConfigurations=[{"properties": {"privateIPAddress": "10.9.0.9"}}],
    )
    said = decant("discover", "azure:")
    assert said.code == 0, said.err
    found = _listed(decant)
    assert found["shop-sql"]["endpoints"] == ["shop-sql.database.windows.net"]
    assert found["shop-sql"]["region"] == "uksouth"
    assert (found["shop"]["id"], found["shop"]["part_of"]) == (database, server)
    assert found["shopfiles"]["endpoints"] == ["shopfiles.file.core.windows.net"]
    assert (found["finance"]["part_of"], found["finance"]["size_bytes"]) == (account, 100 << 30)
    assert found["front"]["endpoints"] == ["10.9.0.9"]
    assert "far" not in found
    assert {method for method, path in arm.log if "/oauth2/" not in path} == {"GET"}


def test_a_type_that_is_denied_in_azure_costs_only_itself(decant: Decant, arm: LoopbackArm) -> None:
    """What would have to be allowed is named; databases of a server that is seen stay unknown."""
    _put(arm, "Microsoft.Sql/servers/shop-sql", state="Ready")
    words = "The client does not have authorization to perform action over the scope."
    denied = refusal(403, "AuthorizationFailed", words)
    arm.answers.add("GET", ".*/Microsoft.Sql/servers/shop-sql/databases", denied)
    arm.answers.add("GET", ".*/Microsoft.DBforMySQL/flexibleServers", denied)
    said = decant("discover", "azure:")
    assert said.code == 3
    assert "GET Microsoft.Sql/servers/databases of shop-sql: Azure:" in said.err
    assert "allow it Microsoft.DBforMySQL/flexibleServers/read" in said.err
    assert set(_listed(decant)) == {"shop-sql"}


def test_a_provider_that_is_not_registered_has_nothing(decant: Decant, arm: LoopbackArm) -> None:
    """That is known, and no hindrance: nothing is registered for looking."""
    words = "The subscription is not registered to use namespace 'Microsoft.DBforMySQL'."
    said_no = refusal(409, "MissingSubscriptionRegistration", words)
    arm.answers.add("GET", ".*/Microsoft.DBforMySQL/flexibleServers", said_no)
    said = decant("discover", "azure:")
    assert said.code == 0, said.err
    assert {method for method, path in arm.log if "/oauth2/" not in path} == {"GET"}


def test_an_account_that_is_not_for_files_has_no_shares(decant: Decant, arm: LoopbackArm) -> None:
    """Azure refuses the question; that is known, and no hindrance."""
    _put(arm, "Microsoft.Storage/storageAccounts/blobs")
    said_no = refusal(
        400, "FeatureNotSupportedForAccount", "File is not supported for the account."
    )
    arm.answers.add("GET", ".*/storageAccounts/blobs/fileServices/default/shares", said_no)
    assert decant("discover", "azure:").code == 0
    assert set(_listed(decant)) == {"blobs"}


def test_what_was_in_a_server_goes_with_it(decant: Decant, arm: LoopbackArm) -> None:
    """Nobody can be asked for the databases of a server that is gone; they are gone, too."""
    server = _put(arm, "Microsoft.Sql/servers/shop-sql", state="Ready")
    database = _put(arm, "Microsoft.Sql/servers/shop-sql/databases/shop", status="Online")
    assert decant("discover", "azure:").code == 0
    assert set(_listed(decant)) == {"shop", "shop-sql"}
    arm.resources.remove(server)
    arm.resources.remove(database)
    assert "; gone: 2" in decant("discover", "azure:").err
    assert set(_listed(decant, "--gone")) == {"shop", "shop-sql"}


def test_a_region_that_is_no_longer_allowed_is_not_gone(decant: Decant, arm: LoopbackArm) -> None:
    """Azure still tells of it; the estate only looks away."""
    _put(arm, "Microsoft.Sql/servers/west", location="ukwest", state="Ready")
    assert decant("discover", "azure:").code == 0
    _configure(
        f'[azure]\nsubscription = "{arm.subscription}"\ncredential = "environment"\n'
        'regions = ["uksouth"]'
    )
    assert "gone" not in decant("discover", "azure:").err
    assert set(_listed(decant)) == {"west"}


@pytest.mark.parametrize(
    "body",
    [{}, {"value": [{"name": "no id"}]}, {"value": "none"}],
    ids=["no list", "no id", "no objects"],
)
def test_an_answer_that_cannot_be_read_empties_nothing(
    decant: Decant, arm: LoopbackArm, body: dict[str, Any]
) -> None:
    """It is unknown, with what is wrong; what was known stays."""
    _put(arm, "Microsoft.Sql/servers/shop-sql", state="Ready")
    assert decant("discover", "azure:").code == 0
    arm.answers.add("GET", ".*/providers/Microsoft.Sql/servers", Answer(status=200, body=body))
    said = decant("discover", "azure:")
    assert said.code == 3
    assert "GET Microsoft.Sql/servers: " in said.err
    assert set(_listed(decant)) == {"shop-sql"}


def test_new_words_of_azure_stay_words(decant: Decant, arm: LoopbackArm) -> None:
    """A state that nobody has heard of is kept as it is, and nothing is concluded from it."""
    _put(arm, "Microsoft.Sql/servers/shop-sql", state="Hibernating")
    assert decant("discover", "azure:").code == 0
    assert _listed(decant)["shop-sql"]["status"] == "Hibernating"


def test_nothing_is_listed_before_a_cloud_was_asked(decant: Decant) -> None:
    """The words say what to do."""
    assert decant("init").code == 0
    said = decant("resources")
    assert (said.code, said.out) == (0, "")
    assert "run decant discover aws: or azure:" in said.err


def test_a_server_that_is_there_already_is_told_and_warned_of(
    decant: Decant, arm: LoopbackArm
) -> None:
    """By show and by plan, with the reason; naming it in decant.toml settles it."""
    server = _put(arm, "Microsoft.Sql/servers/db-1", state="Ready", version="12.0")
    Path("list.csv").write_text("name,fqdn,cpus,memory_gb\ndb-1,db-1.example.org,2,4\n")
    assert decant("import", "list.csv").code == 0
    assert decant("discover", "azure:").code == 0
    shown = decant("show", "db-1").out
    assert "database server db-1 in azure: may be it already (it is called db-1 as well)" in shown
    assert f"{server}, sqlserver 12.0, Ready, seen on 20" in shown
    table = f'[azure]\nsubscription = "{arm.subscription}"\ncredential = "environment"\n'
    moved = '[[moves]]\nserver = "db-1"\nto = "azure"\nplaybook = "managed-database"\n'
    _configure(table + moved)
    planned = decant("plan")
    assert (
        "db-1: database server db-1 in azure may be it already (it is called db-1 as well); name "
        "it as its resource in decant.toml, or it may be migrated twice"
    ) in " ".join(planned.err.split() + planned.out.split())
    _configure(f'{table}{moved}resource = "{server.lower()}"\n')
    assert "may be it already" not in decant("plan").err
    (row,) = decant("show", "db-1", "--format", "json").json()["resources"]
    _configure(f'{table}{moved}resource = "{server}x"\n')
    assert f"its resource {server}x was not there when azure:" in decant("plan").err
    assert (row["id"], row["bond"]) == (server, "named")
