"""AWS Database Migration Service: what it found comparing both sides of each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.model.replication import Agreement, CopiedTable, DataValidation

if TYPE_CHECKING:
    from migrate.clouds.asking import AwsAsked

LOOKS: Final = (
    aws_call("dms:DescribeReplicationTasks"),
    aws_call("dms:DescribeTableStatistics"),
)
_AGREEMENTS: Final = {
    "validated": Agreement.SAME,
    "mismatched records": Agreement.DIFFERENT,
    "pending records": Agreement.PENDING,
    "pending validation": Agreement.PENDING,
    "pending revalidation": Agreement.PENDING,
    "preparing table": Agreement.PENDING,
    "not enabled": Agreement.NOT_COMPARED,
    "suspended records": Agreement.NOT_COMPARED,
    "no primary key": Agreement.NOT_COMPARED,
    "table error": Agreement.NOT_COMPARED,
    "error": Agreement.NOT_COMPARED,
}
"""Values of ValidationState: botocore's model of dms, version 2016-01-01."""


def task(asked: AwsAsked, wanted: str) -> DataValidation | Unknown:
    """Return a task with the statistics of all its tables, by its ARN or identifier.

    Raises:
        botocore.exceptions.ClientError: and all that :data:`aws_failures.FAILURES` names.

    """
    from inventory.clouds.aws_failures import FAILURES, code_of
    from inventory.clouds.aws_reach import pages

    client = asked.client("dms")
    by = "replication-task-arn" if wanted.startswith("arn:") else "replication-task-id"
    filters = [{"Name": by, "Values": [wanted]}]
    nobody = Unknown(reason=Reason.NOT_TOLD, detail=f"there is no task {wanted} in {asked.place}")
    try:
        found = list(
            pages(client, "describe_replication_tasks", "ReplicationTasks", Filters=filters)
        )
    except FAILURES as error:
        if code_of(error) == "ResourceNotFoundFault":
            return nobody
        raise
    if not found:
        return nobody
    arn = found[0]["ReplicationTaskArn"]
    rows = pages(client, "describe_table_statistics", "TableStatistics", ReplicationTaskArn=arn)
    return validation(found[0], tuple(rows))


def validation(said: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> DataValidation:
    """Make a validation of what is said of a task and of its tables. Pure."""
    return DataValidation(
        id=said["ReplicationTaskArn"],
        name=said.get("ReplicationTaskIdentifier") or said["ReplicationTaskArn"],
        state=said.get("Status") or "not told",
        failure=said.get("LastFailureMessage") or "",
        tables=tuple(_table(each) for each in rows),
    )


def _table(row: Mapping[str, Any]) -> CopiedTable:
    word = row.get("ValidationState") or ""
    return CopiedTable(
        name=f"{row.get('SchemaName', '')}.{row['TableName']}".lstrip("."),
        loaded=row.get("TableState") or "not told",
        errors=row.get("FullLoadErrorRows"),
        agreement=_AGREEMENTS.get(word.strip().lower()) or _new(word),
        validation=word or "not told",
        failed=row.get("ValidationFailedRecords"),
        suspended=row.get("ValidationSuspendedRecords"),
        pending=row.get("ValidationPendingRecords"),
    )


def _new(word: str) -> Unknown:
    said = f"is {word!r}, which is new to us" if word else "is not told"
    return Unknown(reason=Reason.NOT_TOLD, detail=f"its validation state {said}")
