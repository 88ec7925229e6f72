"""The Database Migration Service found every table of its task the same on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.amount import amount
from inventory.model.fact import Unknown
from migrate.checks._say import failed, listed, passed, unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.replication import Agreement, CopiedTable, DataValidation

_ENDED: Final = frozenset({"failed", "failed-move", "deleting"})
_WHOLE: Final = frozenset({"running", "stopped", "ready"})
_LOADED: Final = "table completed"


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    wanted = str(parameters.get("task", ""))
    if not wanted:
        return unknown("no task is named: give the check its task")
    told = sight.clouds.listed(sight.move.to, DataValidation, wanted)
    known = [each for each in told.values() if isinstance(each, DataValidation)]
    if len(known) == 1:
        return _judge(known[0])
    untold = "; ".join(str(each) for each in told.values() if isinstance(each, Unknown))
    return unknown(
        untold if not known else f"{len(known)} places have a task {wanted}: name its ARN"
    )


def _judge(task: DataValidation) -> CheckResult:
    name, observed = f"task {task.name}", {"task": task.id, "state": task.state}
    if task.state in _ENDED or task.failure:
        return failed(f"{name} is {task.state}: {task.failure or 'no reason is given'}", **observed)
    if not task.tables:
        return unknown(f"{name} tells of no table", **observed)
    wrong = [words for each in task.tables if (words := _wrong(each))]
    if wrong:
        return failed(f"{name}: {listed(wrong)}", **observed, failed=wrong)
    untold = [words for each in task.tables if (words := _untold(each))]
    if untold:
        return unknown(f"{name}: {listed(untold)}", **observed, unknown=untold)
    if task.state not in _WHOLE:
        return unknown(f"{name} is {task.state}, and may still change what it found", **observed)
    hold = amount(len(task.tables), "table holds", "tables hold")
    return passed(f"{name}: {hold} the same on both sides", **observed)


def _wrong(table: CopiedTable) -> str:
    found = []
    if table.agreement is Agreement.DIFFERENT or table.failed:
        counted = amount(table.failed, "record differs", "records differ") if table.failed else ""
        found.append(f"{counted or 'some records differ'} ({table.validation})")
    if table.errors:
        found.append(f"{amount(table.errors, 'row was', 'rows were')} not loaded")
    if table.loaded.lower() in {"table error", "table cancelled", "table does not exist"}:
        found.append(table.loaded.lower())
    return f"{table.name}: {', '.join(found)}" if found else ""


def _untold(table: CopiedTable) -> str:
    if isinstance(table.agreement, Unknown):
        return f"{table.name}: {table.agreement.detail}"
    if table.agreement is not Agreement.SAME:
        return f"{table.name}: {table.validation}"
    if table.suspended:
        return f"{table.name}: {amount(table.suspended, 'record')} could not be compared"
    if table.pending:
        return f"{table.name}: {amount(table.pending, 'record is', 'records are')} not compared yet"
    if None in {table.failed, table.suspended, table.pending, table.errors}:
        return f"{table.name}: not all counts are told"
    return "" if table.loaded.lower() == _LOADED else f"{table.name}: {table.loaded}"


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "task": {
                "type": "string",
                "minLength": 1,
                "description": "The task's ARN, or its identifier. Its validation has to be "
                "switched on: ValidationSettings.EnableValidation.",
            },
        },
    },
    run=_run,
    reads="Asks the Database Migration Service for one task and for the statistics of all its "
    "tables.",
    about=About.BOTH,
    of_cloud=OfCloud(
        aspects=(DataValidation,),
        passes="Every table was loaded whole, and is validated without failed, suspended or "
        "pending records.",
        fails="Records of a table differ, rows of it could not be loaded, or the task failed.",
        unknown="A table is not compared (validation is not enabled, no primary key, suspended "
        "records) or not to its end, or its state is new to us.",
    ),
)
