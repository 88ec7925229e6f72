"""Aria Operations (vRealize Operations, vROps, VCF Operations): list views exported as CSV.

A view has a column Name, often a column Interval Breakdown, and metrics with their transformation:
``VM|CPU|Usage (%)|Avg``. A row is a virtual machine, or one of its intervals; intervals are summed
up: the mean of the averages, the highest of the peaks. A percentile is never made of averages.
Metrics in MHz are passed over, for they say nothing without the processors' speed, and so are
columns that say neither average nor peak in a view without times, and sizes without a unit. KB are
KiB. Times are of the view's own time zone, which it does not tell; they are taken as UTC. Views of
hypervisors and clusters are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._os_name import os_observations
from inventory.importers._vrops_titles import (
    IDS,
    NAMES,
    TIMES,
    How,
    Metric,
    Subject,
    Title,
    metric_of,
    read_title,
)
from inventory.model.fact import FactKey, Observation
from inventory.model.imported import Item, LeftOut, ServerRecord, Stated, Unread, Where
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.model.placement import (
    CLUSTER,
    CONFIGURED_CPUS,
    DATACENTRE,
    FOLDER,
    HYPERVISOR_SERVER,
    MANAGER,
    POWER,
    VM_NAME,
    Power,
)
from inventory.model.utilisation import UTILISATION_TOLD, Level, ToldUtilisation
from inventory.reading import values
from inventory.reading.export import Export, Kind
from inventory.reading.table import Cell, Table

SOURCE: Final = "vrops"
_CLOCK_FIRST: Final = re.compile(r"(\d{1,2}:\d\d(?::\d\d)? *[AP]M),? +(.+)", re.IGNORECASE)
"""As it writes times: ``12:00 AM 21 July 2026``."""
_WITH_UNIT: Final = re.compile(r"(.*\d)\s*([KMGT]?B)(?:ps|/s)?|(.*\d)\s*%", re.IGNORECASE)
_UNITS: Final = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
_POWERS: Final = {
    "poweredon": Power.ON,
    "poweredoff": Power.OFF,
    "suspended": Power.SUSPENDED,
}
Making = Callable[[str], Iterator[Observation]]


def _text(key: FactKey[str]) -> Making:
    def make(told: str) -> Iterator[Observation]:
        yield key.known(told)

    return make


def _power(told: str) -> Iterator[Observation]:
    power = _POWERS.get(told.lower().replace(" ", ""))
    if power:
        yield POWER.known(power)


def _cpus(told: str) -> Iterator[Observation]:
    count = values.whole(told)
    if count:
        yield CONFIGURED_CPUS.known(count)


_PROPERTIES: Final[dict[str, Making]] = {
    "powerstate": _power,
    "numberofcpus": _cpus,
    "numberofcpusvcpus": _cpus,
    "parentcluster": _text(CLUSTER),
    "parenthost": _text(HYPERVISOR_SERVER),
    "parentdatacenter": _text(DATACENTRE),
    "parentfolder": _text(FOLDER),
    "parentvcenter": _text(MANAGER),
    "guestosfullname": os_observations,
    "guestosfromvcenter": os_observations,
}
"""The last part of a property's title → the facts that it gives."""


@dataclass(kw_only=True, slots=True)
class _Sum:
    """The numbers of one column, for one virtual machine."""

    total: float = 0
    count: int = 0
    highest: float = 0

    def add(self, number: float) -> None:
        self.total += number
        self.highest = max(number, self.highest) if self.count else number
        self.count += 1


@dataclass(kw_only=True, slots=True)
class _Vm:
    """What a view says of one virtual machine."""

    name: str
    where: Where
    stated: dict[str, Stated] = field(default_factory=dict)
    sums: dict[int, _Sum] = field(default_factory=dict)
    """By the column's place."""
    times: set[datetime] = field(default_factory=set)
    said: dict[int, Cell] = field(default_factory=dict)
    """What each property's column said last, by its place."""


def _recognise(export: Export) -> int:
    best = NO
    for file in export.files:
        if file.kind not in {Kind.DELIMITED, Kind.WORKBOOK}:
            continue
        try:
            best = max(best, *map(_score, file.tables()), NO)
        except BadInputError:
            continue
    return best


def _score(table: Table) -> int:
    if table.place(*NAMES) is None:
        return NO
    titles = [read_title(title) for title in table.header if "|" in title]
    metrics = [each for each in titles if metric_of(each)]
    if any(each.subject or each.how is not How.POINT for each in titles):
        return CERTAIN
    return LIKELY if metrics else NO


def _read(export: Export) -> Iterator[Item]:
    understood = False
    for table in export.tables():
        if _score(table):
            understood = True
            yield from _View(table).items()
    if not understood:
        raise BadInputError(
            "there is no view of Aria Operations in it",
            hint="export a list view as CSV: a column Name, and metrics such as CPU|Usage (%)",
        )


class _View:
    """One table, read once."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._name = table.place(*NAMES) or 0
        self._time, self._id = table.place(*TIMES), table.place(*IDS)
        self._titles = {
            place: read_title(title) for place, title in enumerate(table.header) if "|" in title
        }
        self._metrics: dict[int, Metric] = {}
        self._properties: dict[int, Making] = {}
        self._unsaid: list[str] = []
        for place, title in self._titles.items():
            self._resolve(place, title)
        self._unitless: set[int] = set()
        """Columns without a unit that were told of."""
        self._vms: dict[str, _Vm] = {}

    def _resolve(self, place: int, title: Title) -> None:
        metric = metric_of(title)
        if metric and metric.how is How.POINT and self._time is None:
            self._unsaid.append(self._table.header[place])
        elif metric:
            self._metrics[place] = metric
        elif title.parts and title.parts[-1] in _PROPERTIES:
            self._properties[place] = _PROPERTIES[title.parts[-1]]

    def items(self) -> Iterator[Item]:
        """Yield what it says, once all rows are read."""
        for title in self._unsaid:
            why = f"{title}: whether it is an average or a peak is not said, nor when it was so"
            yield Unread(why=why, where=self._table.where(1))
        subjects = {each.subject for each in self._titles.values() if each.subject}
        others = subjects - {Subject.VM}
        if others and Subject.VM not in subjects:
            yield from self._left_out(others.pop())
            return
        for row, cells in self._table.read():
            yield from self._row(row, cells)
        for key, vm in self._vms.items():
            yield self._record(key, vm)

    def _left_out(self, subject: Subject) -> Iterator[Item]:
        seen = set()
        for row, cells in self._table.read():
            try:
                name = values.text(cells[self._name])
            except ValueError as error:
                yield Unread(why=str(error), where=self._table.where(row))
                continue
            if name and name not in seen:
                seen.add(name)
                yield LeftOut(what=subject.value, name=name, where=self._table.where(row))

    def _row(self, row: int, cells: tuple[Cell, ...]) -> Iterator[Unread]:
        try:
            name = values.text(cells[self._name])
            number = None if self._id is None else values.text(cells[self._id])
        except ValueError as error:
            yield self._unread(row, str(error))
            return
        if not name:
            yield self._unread(row, "it has no name")
            return
        vm = self._vms.get(number or name)
        if vm is None:
            vm = self._vms[number or name] = _Vm(name=name, where=self._table.where(row))
        if self._time is not None:
            try:
                told = _moment(cells[self._time])
            except ValueError as error:
                yield self._unread(row, f"{self._table.header[self._time]}: {error}")
                return
            if told in vm.times:
                yield self._unread(row, f"a second row of {name} for {told}")
                return
            if told:
                vm.times.add(told)
        yield from self._numbers(vm, row, cells)
        yield from self._facts(vm, row, cells)

    def _numbers(self, vm: _Vm, row: int, cells: tuple[Cell, ...]) -> Iterator[Unread]:
        for place, metric in self._metrics.items():
            try:
                number = _number(cells[place], metric, decimal_comma=self._table.decimal_comma)
            except _NoUnitError:
                if place not in self._unitless:
                    self._unitless.add(place)
                    yield self._unread(row, f"{self._table.header[place]}: no unit is said")
                continue
            except ValueError as error:
                yield self._unread(row, f"{self._table.header[place]}: {error}")
                continue
            if number is not None:
                vm.sums.setdefault(place, _Sum()).add(number)

    def _facts(self, vm: _Vm, row: int, cells: tuple[Cell, ...]) -> Iterator[Unread]:
        """State properties; of one that changed over the rows, what the last says."""
        for place, make in self._properties.items():
            cell = cells[place]
            if vm.said.get(place) == cell:
                continue
            vm.said[place] = cell
            title = self._table.header[place]
            try:
                told = values.text(cell)
                observations = tuple(make(told)) if told else ()
            except ValueError as error:
                yield self._unread(row, f"{title}: {error}")
                continue
            for each in observations:
                vm.stated[each.key.name] = Stated(column=title, observation=each)

    def _unread(self, row: int, why: str) -> Unread:
        return Unread(why=why, where=self._table.where(row))

    def _record(self, key: str, vm: _Vm) -> ServerRecord:
        named = Stated(column=self._table.header[self._name], observation=VM_NAME.known(vm.name))
        stated = [named, *vm.stated.values()]
        if vm.sums:
            since, until = _window(vm.times)
            told = ToldUtilisation(source=SOURCE, since=since, until=until, **self._levels(vm))
            titles = ", ".join(self._table.header[place] for place in sorted(vm.sums))
            stated.append(Stated(column=titles, observation=UTILISATION_TOLD.known((told,))))
        return ServerRecord(
            source=SOURCE, key=key, name=vm.name, stated=tuple(stated), where=vm.where
        )

    def _levels(self, vm: _Vm) -> dict[str, Level]:
        """Return the average and the peak of each measure, of the columns that tell it."""
        means: dict[str, float] = {}
        peaks: dict[str, float] = {}
        for place, each in vm.sums.items():
            metric = self._metrics[place]
            if metric.how is not How.MAXIMUM:
                means.setdefault(metric.measure, round(each.total / each.count, 2))
            if metric.how is How.MAXIMUM:
                peaks[metric.measure] = round(each.highest, 2)
            elif metric.how is How.POINT:
                peaks.setdefault(metric.measure, round(each.highest, 2))
        return {
            measure: Level(mean=means.get(measure), maximum=peaks.get(measure))
            for measure in sorted(means.keys() | peaks.keys())
        }


class _NoUnitError(ValueError):
    """A size of which neither the title nor the cell tells the unit."""


def _moment(cell: Cell) -> datetime | None:
    if isinstance(cell, str) and (found := _CLOCK_FIRST.fullmatch(cell.strip())):
        return values.moment(f"{found[2]} {found[1]}")
    return values.moment(cell)


def _number(cell: Cell, metric: Metric, *, decimal_comma: bool) -> float | None:
    """Return a number in the measure's own unit, whatever unit is written beside it."""
    found = _WITH_UNIT.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if found and found[2]:
        told = values.number(found[1], decimal_comma=decimal_comma)
        return None if told is None else told * _UNITS[found[2].upper()]
    told = values.number(found[3] if found else cell, decimal_comma=decimal_comma)
    if told is not None and metric.factor is None:
        raise _NoUnitError
    return None if told is None else told * (metric.factor or 1)


def _window(times: set[datetime]) -> tuple[datetime | None, datetime | None]:
    """Return the beginning of the first interval and the end of the last."""
    if not times:
        return None, None
    ordered = sorted(times)
    steps = [later - earlier for earlier, later in pairwise(ordered)]
    return ordered[0], ordered[-1] + min(steps) if steps else None


_HOURLY: Final = b""""Name","Interval Breakdown","VM|CPU|Usage (%)|Avg","VM|CPU|Usage (%)|Max",\
"VM|Memory|Utilization (KB)|Avg","VM|CPU|Demand (MHz)|Avg","VM|Config|Number of CPUs|Last"\r
"server, alpha","12:00 AM 21 July 2026","10.5","44","1,048,576","1,546.6","4"\r
"server, alpha","1:00 AM 21 July 2026","20.5","31","2,097,152","1,749.04","4"\r
"server, alpha","1:00 AM 21 July 2026","90","91","2,097,152","1,749.04","4"\r
"web-2","12:00 AM 21 July 2026","-","","1.5 GB","12","2"\r
"web-3","12:00 AM 21 July 2026","12 widgets","1","-","12","2"\r
"""
_SUMMARY: Final = b""""Name","CPU|Usage (%)|Average","CPU|Usage (%)|Maximum",\
"Virtual Disk|Read Throughput (KBps)|Average","Network|Data Receive Rate (KBps)|Average",\
"Summary|Runtime|Power State","Summary|Parent Cluster","Memory|Usage (%)"
"db-1","35.2 %","98.1 %","120","12","Powered On","C1","70"
"db-2","","","","","Powered Off","C1",""
"""
_HOSTS: Final = b""""Name","Interval Breakdown","Host|CPU|Demand|Avg","Host|Memory|Utilization|Max"
"esx-1","2026-07-21T00:00:00Z","4 GHz","1,048,576 KB"
"esx-1","2026-07-21T01:00:00Z","5 GHz","1,048,576 KB"
"""
IMPORTER: Final = Importer(
    title="Aria Operations (vRealize Operations, vROps)",
    files=".csv of list views whose subject is Virtual Machine",
    source="https://techdocs.broadcom.com: VMware Aria Operations 8.18, Views (2026-11-23)",
    nearness=Nearness.HYPERVISOR,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="Aria Operations 8.18, one row an hour (format as documented)",
            files=(("vm-hourly.csv", _HOURLY),),
            servers=("server, alpha", "web-2", "web-3"),
            unread=2,
        ),
        ImportExample(
            tool="Aria Operations 8.18, one row a virtual machine (format as documented)",
            files=(("vm-summary.csv", _SUMMARY),),
            servers=("db-1", "db-2"),
            unread=1,
        ),
        ImportExample(
            tool="Aria Operations 8.18, hypervisors (format as documented)",
            files=(("hosts.csv", _HOSTS),),
            servers=(),
            left_out=1,
        ),
    ),
)
