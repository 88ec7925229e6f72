"""Azure Cost Management: what machines with their disks, databases and stores cost, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from inventory.model.cloud_calls import azure_call
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import MACHINES, machines, properties, servers
from migrate.model.reader import Reader
from migrate.model.target_cost import Cost, DayCost

_VERSION: Final = "2023-11-01"
_LOOK_BACK_DAYS: Final = 30
_NOT_WHOLE_DAYS: Final = 2
"""Today, and this many days before it, may not be billed whole: costs come up to 48 hours late."""
_NAMES_AT_ONCE: Final = 100
_DATE: Final = "UsageDate"


def _read(asked: AzureAsked) -> Mapping[str, Cost]:
    from inventory.clouds.aws_reach import in_chunks

    parts = _parts(asked)
    today = datetime.now(UTC).date()
    since = today - timedelta(days=_LOOK_BACK_DAYS)
    until = today - timedelta(days=_NOT_WHOLE_DAYS + 1)
    names = [name for of_one in parts.values() for name in of_one]
    rows = [
        row for some in in_chunks(names, _NAMES_AT_ONCE) for row in _rows(asked, since, until, some)
    ]
    return {each: cost(of_one, rows, since, until) for each, of_one in parts.items()}


def _rows(
    asked: AzureAsked, since: date, until: date, names: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    """Yield what each day cost by resource, each row by its columns' names."""
    path = f"/subscriptions/{asked.place}/providers/Microsoft.CostManagement/query"
    body = {
        "type": "ActualCost",
        "timeframe": "Custom",
        "timePeriod": {"from": f"{since}T00:00:00Z", "to": f"{until}T23:59:59Z"},
        "dataset": {
            "granularity": "Daily",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "Dimension", "name": "ResourceId"}],
            "filter": {
                "dimensions": {"name": "ResourceId", "operator": "In", "values": list(names)}
            },
        },
    }
    arm, seen = asked.arm, set[str]()
    following: dict[str, str] = {}
    while True:
        page = arm.post(path, _VERSION, body, **following)["properties"]
        columns = [each["name"] for each in page["columns"]]
        yield from (dict(zip(columns, row, strict=True)) for row in page["rows"])
        token = parse_qs(urlsplit(page.get("nextLink") or "").query).get("$skiptoken", [""])[0]
        if not token:
            return
        if token in seen:
            raise ValueError(f"the page {token} comes again")
        seen.add(token)
        following = {"skiptoken_": token}


def cost(parts: Iterable[str], rows: Iterable[Mapping[str, Any]], since: date, until: date) -> Cost:
    """Make the cost of one resource of what Cost Management tells of its parts. Pure.

    Raises:
        ValueError: the bill is in several currencies, or a date is none.

    """
    parts = tuple(parts)
    days: dict[date, Decimal] = defaultdict(Decimal)
    billed: dict[str, str] = {}
    for row in rows:
        name = row["ResourceId"].lower()
        if name in parts:
            day = datetime.strptime(str(row[_DATE]), "%Y%m%d").replace(tzinfo=UTC).date()
            days[day] += Decimal(str(row["Cost"]))
            billed[name] = row["Currency"]
    currencies = set(billed.values())
    if len(currencies) > 1:
        raise ValueError(f"several currencies: {sorted(currencies)}")
    return Cost(
        currency=next(iter(currencies), ""),
        since=since,
        until=until,
        days=tuple(DayCost(day=day, amount=days[day]) for day in sorted(days)),
        parts=tuple(each for each in parts if each in billed),
        missing=tuple(each for each in parts if each not in billed),
    )


def _parts(asked: AzureAsked) -> Mapping[str, list[str]]:
    """Return the ids under which each resource and its disks are billed."""
    parts = {each: [each] for each in asked.ids}
    found = machines(asked.arm, asked) if servers(asked) else {}
    for key, machine in found.items():
        storage = properties(machine).get("storageProfile") or {}
        for disk in (storage.get("osDisk") or {}, *(storage.get("dataDisks") or ())):
            if (disk.get("managedDisk") or {}).get("id"):
                parts[key].append(disk["managedDisk"]["id"].lower())
    return parts


READER = Reader(
    tells=Cost,
    calls=(
        azure_call("POST Microsoft.CostManagement/query", "Microsoft.CostManagement/query/read"),
        MACHINES,
    ),
    read=_read,
)
