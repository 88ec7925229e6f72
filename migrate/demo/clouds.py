"""The demo's clouds as a process: a moto server and a loopback Azure with one machine in each.

It says how they are reached as one line of JSON, and ends when its input does.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path

from inventory.errors import DecantError
from migrate.demo.arm import loopback_arm
from migrate.demo.fleet_plan import planned
from migrate.demo.moto import loopback_aws


def main() -> None:
    """Run both until the input ends; the folder given first takes Azure's certificate."""
    with ExitStack() as stack:
        try:
            aws = stack.enter_context(loopback_aws())
        except DecantError as error:
            sys.stdout.write(json.dumps({"fault": error.message, "hint": error.hint}) + "\n")
            return
        azure = stack.enter_context(loopback_arm(Path(sys.argv[1])))
        vm = azure.vm_id("cache-1-new")
        azure.put_vm(vm)
        told = {
            "environment": {**aws.environment(), **azure.environment()},
            "instance": aws.run_instance(address=planned("web-1-new").address),
            "vm": vm,
            "subscription": azure.subscription,
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
