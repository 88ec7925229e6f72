"""AWS on loopback: a moto server with instances, for the demo and the tests."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from inventory.errors import MissingExtraError

_ANY_IMAGE = "ami-12c6146b"
"""One of the images that moto itself holds."""


@dataclass(frozen=True, kw_only=True)
class LoopbackAws:
    """A running loopback AWS."""

    url: str
    region: str

    def environment(self) -> dict[str, str]:
        """Return the environment by which a process finds this AWS and may ask it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": "loopback",
            "AWS_SECRET_ACCESS_KEY": "loopback",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def run_instance(self, *, size: str = "t3.medium", address: str | None = None) -> str:
        """Start an instance and return its id; ``address`` is the private one it gets."""
        wanted = {"PrivateIpAddress": address} if address else {}
        made = self._ec2().run_instances(
            ImageId=_ANY_IMAGE, InstanceType=size, MinCount=1, MaxCount=1, **wanted
        )
        return str(made["Instances"][0]["InstanceId"])

    def stop(self, instance_id: str) -> None:
        """Stop an instance."""
        self._ec2().stop_instances(InstanceIds=[instance_id])

    def terminate(self, instance_id: str) -> None:
        """Terminate an instance."""
        self._ec2().terminate_instances(InstanceIds=[instance_id])

    def _ec2(self) -> Any:
        import boto3  # type: ignore[import-untyped]

        return boto3.client(
            "ec2",
            region_name=self.region,
            endpoint_url=self.url,
            aws_access_key_id="loopback",
            aws_secret_access_key="loopback",  # noqa: S106 -- moto takes any
        )


@contextmanager
def loopback_aws(region: str = "eu-west-2") -> Iterator[LoopbackAws]:
    """Run a loopback AWS on a free port, in threads of this process.

    Raises:
        MissingExtraError: moto is not installed.

    """
    server = _server()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # or it tells of each request
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield LoopbackAws(url=f"http://{host}:{port}", region=region)
    finally:
        server.stop()


def _server() -> Any:
    try:
        from moto.server import ThreadedMotoServer
    except ImportError as error:
        raise MissingExtraError(
            "the demo's AWS needs moto, which is not installed",
            hint="pip install 'decant[demo]'",
        ) from error
    return ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
