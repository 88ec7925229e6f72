"""AWS Application Migration Service (AWS Transform MGN): inventory as CSV, to and from it.

What it launches at the target (instance type, subnet, private address …) is the plan's, and stated
of the target alone. An empty cell says nothing, and neither do ``[RESET_VALUE]`` and
``[DELETE_TAG]``, which tell the service to forget. Descriptions and tags of applications and waves
are not the server's and are passed over. AWS Transform's lists have columns beside, which begin
with ``metadata:``; how much memory, how many cores and how busy they are is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._aws_plan import Planned
from inventory.importers._cells import host_names, is_address, tag
from inventory.importers._rows import MIB, Columns, Entry, tables_of
from inventory.model.fact import Observation
from inventory.model.facts import CPU_CORES, INTERFACES, OS_FAMILY
from inventory.model.imported import Item, LeftOut, Stated, Unread
from inventory.model.importer import CERTAIN, NO, Importer, ImportExample
from inventory.model.parts import Interface
from inventory.model.placement import (
    CONFIGURED_MEMORY,
    EXTERNAL_IDS,
    NAMED_WAVE,
    TARGET_SETTINGS,
    Tag,
)
from inventory.model.utilisation import UTILISATION_TOLD, Level, ToldUtilisation
from inventory.reading.export import Export
from inventory.reading.table import Table

SOURCE: Final = "mgn"
USER_PROVIDED: Final = "MGN user-provided-id"
"""Under which name the number is kept that people gave the server, and that never changes."""
SERVER_ID: Final = "MGN"
"""Under which name the number is kept that the service gave it."""
_OWN: Final = "mgn:"
_USER, _ID, _FQDN, _NAME = (
    *("mgn:server:user-provided-id", "mgn:server:id", "mgn:server:fqdn-for-action-framework"),
    "mgn:server:tag:Name",
)
_APP, _WAVE, _PLATFORM = "mgn:app:name", "mgn:wave:name", "mgn:server:platform"
_TAG: Final = "mgn:server:tag:"
_STATES: Final = tuple(
    f"mgn:server:{each}" for each in ("lifecycle-state", "replication-type", "replication-state")
)
_TARGET: Final = ("mgn:account-id", "mgn:region", "mgn:launch:")
_FORGET: Final = ("[RESET_VALUE]", "[DELETE_TAG]")
_MEMORY: Final = "metadata:total_system_memory_mebibytes"
_CORES: Final = "metadata:total_cpu_cores"
_LOADS: Final = (("cpu_percent", "cpu"), ("memory_percent", "memory"))


def _recognise(export: Export) -> int:
    return max(map(_score, tables_of(export)), default=NO)


def _score(table: Table) -> int:
    return CERTAIN if any(each.lower().startswith(_OWN) for each in table.header) else NO


def _columns(table: Table) -> Columns:
    """Find the columns: only names of tags and volumes keep their case."""
    places: dict[str, int] = {}
    for place, title in enumerate(table.header):
        lower = title.lower()
        kept = next((each for each in (_TAG, "mgn:launch:") if lower.startswith(each)), None)
        name = lower if kept is None else kept + title[len(kept) :]
        if lower.startswith((_OWN, "metadata:")):
            places.setdefault(name, place)
    return Columns(table=table, places=places)


def _read(export: Export) -> Iterator[Item]:
    plan, understood = _Plan(), False
    for table in export.tables():
        if _score(table):
            understood = True
            for entry in _columns(table).entries():
                yield from plan.take(entry)
    if not understood:
        raise BadInputError(
            "there is no table with columns of MGN",
            hint="their names begin with mgn:, such as mgn:server:user-provided-id",
        )
    yield from plan.items()


class _Plan:
    """The servers told so far, which later rows may say more of."""

    def __init__(self) -> None:
        self._servers: list[Planned] = []
        self._by_number: dict[tuple[str, ...], Planned] = {}
        self._waves: dict[str, list[Stated]] = {}
        """Of applications: a row may put one in a wave for all its servers."""

    def take(self, entry: Entry) -> Iterator[Item]:
        """Take a row; yield what cannot be understood, and what is no server."""
        server = self._find(entry)
        application, wave = _told(entry, _APP), _told(entry, _WAVE)
        if application and wave:
            title = entry.title(_WAVE)
            known = Stated(column=title, observation=NAMED_WAVE.known(wave))
            told = self._waves.setdefault(application, [])
            told += [] if known in told else [known]
        if server is not None:
            _say(entry, server)
        elif name := application or wave:
            what = "application" if application else "wave"
            yield LeftOut(what=what, name=name, where=entry.where)
        elif not entry.unread:
            yield Unread(why="it names no server, application or wave", where=entry.where)
        yield from entry.unread

    def items(self) -> Iterator[Item]:
        """Yield the servers."""
        for server in self._servers:
            if not server.has_wave:
                for application in server.applications:
                    server.stated += self._waves.get(application, ())
            yield server.record()

    def _find(self, entry: Entry) -> Planned | None:
        """Return the row's server, by any number that it was told by before."""
        account = (_told(entry, "mgn:account-id") or "", _told(entry, "mgn:region") or "")
        told = {each: _told(entry, each) for each in (_USER, _ID, _FQDN, _NAME)}
        numbers = [(*account, each, value) for each in (_USER, _ID) if (value := told[each])]
        if not numbers:
            numbers = [
                (*account, each, value.lower()) for each in (_FQDN, _NAME) if (value := told[each])
            ][:1]
        if not numbers:
            return None
        found = next((self._by_number[each] for each in numbers if each in self._by_number), None)
        if found is None:
            found = self._new(entry, account, numbers[0], told)
        for each in numbers:
            self._by_number.setdefault(each, found)
        return found

    def _new(
        self,
        entry: Entry,
        account: tuple[str, ...],
        number: tuple[str, ...],
        told: Mapping[str, str | None],
    ) -> Planned:
        host = told[_FQDN] if told[_FQDN] and not is_address(told[_FQDN] or "") else None
        names = (host, told[_NAME], told[_USER], told[_FQDN], told[_ID])
        made = Planned(
            key=f"{number[-2].removeprefix('mgn:server:')}={number[-1]}",
            name=next(each for each in names if each),
            source=":".join(each for each in (SOURCE, *account) if each),
            where=entry.where,
        )
        self._servers.append(made)
        return made


def _told(entry: Entry, column: str) -> str | None:
    text = entry.text(column)
    return None if text in _FORGET else text


def _say(entry: Entry, server: Planned) -> None:
    if host := _told(entry, _FQDN):
        entry.try_to_say(_FQDN, lambda: _reached_by(host))
    if platform := _told(entry, _PLATFORM):
        entry.try_to_say(_PLATFORM, lambda: _family(platform))
    if wave := _told(entry, _WAVE):
        entry.say(_WAVE, NAMED_WAVE.known(wave))
        server.has_wave = True
    if application := _told(entry, _APP):
        server.applications.setdefault(application, entry.title(_APP))
    _say_measures(entry)
    server.take(entry)
    for column, name in ((_USER, USER_PROVIDED), (_ID, SERVER_ID)):
        if number := _told(entry, column):
            server.hold(EXTERNAL_IDS, entry.title(column), (Tag(name=name, value=number),))
    for column in entry.columns.places:
        _hold(entry, server, column)


def _hold(entry: Entry, server: Planned, column: str) -> None:
    """Keep tags, what the service says of its own work, and what is launched at the target."""
    is_tag, is_state = column.startswith(_TAG), column in _STATES
    if not (is_tag or is_state or column.startswith(_TARGET)) or not (text := _told(entry, column)):
        return
    title = entry.title(column)
    if is_tag or is_state:
        server.hold_tag(title, column[len(_TAG) :] if is_tag else column, text)
    else:
        server.hold(TARGET_SETTINGS, title, (tag(column.removeprefix(_OWN), text),))


def _reached_by(host: str) -> Iterator[Observation]:
    if is_address(host):
        yield INTERFACES.known((Interface(name="interface 1", addresses=(host,)),))
        return
    names = tuple(host_names(host))
    if not names:
        raise ValueError(f"{host!r} is neither a host name nor an address")
    yield from names


def _family(platform: str) -> Iterator[Observation]:
    if platform.lower() not in {"linux", "windows"}:
        raise ValueError(f"{platform!r} is neither Linux nor Windows")
    yield OS_FAMILY.known(platform.lower())


def _say_measures(entry: Entry) -> None:
    if (cores := entry.whole(_CORES)) is not None:
        entry.say(_CORES, CPU_CORES.known(cores))
    if (memory := entry.number(_MEMORY)) is not None:
        entry.say(_MEMORY, CONFIGURED_MEMORY.known(round(memory * MIB)))
    levels, columns = dict[str, Level](), list[str]()
    for measure, name in _LOADS:
        both = [f"metadata:{each}_{name}_utilization_percentage" for each in ("average", "peak")]
        mean, maximum = map(entry.number, both)
        if mean is not None or maximum is not None:
            levels[measure] = Level(mean=mean, maximum=maximum)
            columns += [each for each in both if each in entry.columns.places]
    if levels:
        told = ToldUtilisation(
            source="aws-transform",
            cpu_percent=levels.get("cpu_percent"),
            memory_percent=levels.get("memory_percent"),
        )
        entry.say(columns[0], UTILISATION_TOLD.known((told,)))


_IMPORT: Final = b"""mgn:account-id,mgn:region,mgn:wave:name,mgn:wave:description,mgn:app:name,\
mgn:server:user-provided-id,mgn:server:platform,mgn:server:tag:Name,mgn:server:tag:Owner,\
mgn:server:fqdn-for-action-framework,mgn:launch:nic:0:subnet-id,mgn:launch:nic:0:private-ip:0,\
mgn:launch:instance-type,mgn:launch:volume:/dev/sda:type\r
111122223333,eu-west-2,Wave 1,first,Payroll,pay-1,Linux,pay-1,Web team,pay-1.example.org,\
subnet-1111,10.1.0.10,m5.large,gp3\r
111122223333,eu-west-2,,,Payroll,pay-2,WINDOWS,,[DELETE_TAG],192.0.2.7,,,[RESET_VALUE],\r
111122223333,eu-west-2,,,Payroll,pay-3,AIX,,,not a name,,,,\r
111122223333,eu-west-2,Wave 2,,Intranet,,,,,,,,,\r
111122223333,eu-west-2,,,,,Linux,,,,,,,\r
"""
_EXPORT: Final = b"""mgn:account-id,mgn:region,mgn:app:id,mgn:app:name,mgn:wave:id,mgn:wave:name,\
mgn:server:id,mgn:server:user-provided-id,mgn:server:platform,mgn:server:lifecycle-state,\
mgn:server:replication-type,mgn:launch:instance-type
111122223333,eu-west-2,app-1,Payroll,wave-1,Wave 1,s-3f1a,pay-1,Linux,READY_FOR_TEST,AGENT_BASED,\
m5.large
111122223333,eu-west-2,app-1,Payroll,wave-1,Wave 1,s-3f1b,,Linux,DISCONNECTED,AGENT_BASED,
"""
IMPORTER: Final = Importer(
    title="AWS Application Migration Service (MGN)",
    files="the .csv that it exports, or that was filled in for it",
    source="https://docs.aws.amazon.com/mgn/latest/ug/import-main.html (2026-11-23)",
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="inventory filled in for import (format as documented)",
            files=(("mgn-import.csv", _IMPORT),),
            servers=("pay-1.example.org", "pay-2", "not a name"),
            left_out=1,
            unread=3,
        ),
        ImportExample(
            tool="inventory as exported (format as documented)",
            files=(("mgn-export.csv", _EXPORT),),
            servers=("pay-1", "s-3f1b"),
        ),
    ),
)
