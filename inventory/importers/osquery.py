"""osquery: results as osqueryd logs them, as osqueryi prints them, and what Fleet lists of hosts.

Of a log, what holds is what was added and not removed since, whatever the order in which its files
are read. Queries may have any name; their tables are known by their columns. What osqueryi printed
is of the server that its system_info names, or else of the one that the file is named after.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from inventory.importers._fleet import record as fleet_record
from inventory.importers._json import mapping, objects, text
from inventory.importers._osquery_facts import name_of, state_facts
from inventory.importers._osquery_log import Log, Server, table_of
from inventory.importers._told import Told
from inventory.model.imported import Item, ServerRecord, Unread, Where
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.reading.export import Export, File, Kind
from inventory.reading.table import plain

SOURCE: Final = "osquery"
_EVENT: Final = ('"hostIdentifier"', '"calendarTime"')
_FLEET: Final = ('"osquery_version"', '"hostname"')
_FLEET_COLUMNS: Final = {"hostname", "osqueryversion", "platform"}


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if file.kind is Kind.DELIMITED:
        return CERTAIN if any(map(_is_fleets, file.tables())) else NO
    if file.kind is not Kind.JSON:
        return NO
    beginning = file.beginning
    if all(sign in beginning for sign in _EVENT) or all(sign in beginning for sign in _FLEET):
        return CERTAIN
    return LIKELY if table_of(_first_object(beginning)) else NO


def _is_fleets(table: Any) -> bool:
    return {plain(title) for title in table.header} >= _FLEET_COLUMNS


def _first_object(beginning: str) -> dict[str, Any]:
    """Return the first object of a list of objects without objects in them; else an empty one."""
    start, end = beginning.find("{"), beginning.find("}")
    if not beginning.lstrip().startswith("[") or start < 0 or end < 0:
        return {}
    try:
        found = json.loads(beginning[start : end + 1])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _read(export: Export) -> Iterator[Item]:
    log = Log()
    for file in export.files:
        for table in file.tables():
            if _is_fleets(table):
                yield from _fleet_table(table)
        if file.kind is Kind.JSON:
            yield from _documents(file, log)
    for server in log.servers.values():
        yield from _record(server)


def _fleet_table(table: Any) -> Iterator[Item]:
    titles = [plain(title) for title in table.header]
    names = {plain(name): name for name in _FLEET_NAMES}
    for row, cells in table.read():
        host = {
            names[title]: cell for title, cell in zip(titles, cells, strict=False) if title in names
        }
        yield from fleet_record(host, table.where(row))


_FLEET_NAMES: Final = (
    *("id", "uuid", "hostname", "computer_name", "display_name", "platform", "os_version"),
    *("hardware_serial", "hardware_vendor", "hardware_model", "hardware_version", "cpu_brand"),
    *("cpu_type", "cpu_logical_cores", "cpu_physical_cores", "memory", "primary_ip"),
    *("primary_mac", "team_name", "detail_updated_at"),
)


def _documents(file: File, log: Log) -> Iterator[Item]:
    printed: list[dict[str, Any]] = []
    for number, document in enumerate(file.documents(), 1):
        where = Where(file=file.name, row=number)
        told = mapping(document)
        places = ("hosts", "host", "spec" if told.get("kind") == "host" else "")
        hosts = [host for place in places for host in objects(told.get(place))]
        if hosts:
            for host in hosts:
                yield from fleet_record(host, where)
        elif isinstance(document, list):
            rows = [dict(each) for each in objects(document)]
            events = [each for each in rows if log.add(each, where)]
            printed += [each for each in rows if each not in events and table_of(each)]
        elif not log.add(told, where):
            yield Unread(why="it is no result of osquery", where=where)
    if printed:
        known = name_of({"system_info": [e for e in printed if table_of(e) == "system_info"]})
        stem = file.name.rpartition("/")[2].partition(".")[0]
        log.table(known or stem, printed, Where(file=file.name))


def _record(server: Server) -> Iterator[Item]:
    tables = server.tables()
    told = Told()
    state_facts(tables, told)
    yield from told.items(
        ServerRecord(
            source=SOURCE,
            key=server.identifier,
            name=name_of(tables) or text(server.name) or server.identifier,
            stated=tuple(told.stated),
            at=server.at,
            where=server.where,
        )
    )


_LOG: Final = b"""\
{"name":"pack/inv/system_info","hostIdentifier":"4C4C4544-0042-3510-8052-B4C04F4A4E32",\
"calendarTime":"Fri Nov 20 09:00:00 2026 UTC","unixTime":1795165200,"epoch":0,"counter":0,\
"decorations":{"hostname":"web-1"},"columns":{"hostname":"web-1.example.org",\
"uuid":"4c4c4544-0042-3510-8052-b4c04f4a4e32","cpu_type":"x86_64","cpu_brand":"Intel Xeon",\
"cpu_logical_cores":"8","cpu_physical_cores":"4","physical_memory":"16777216000",\
"hardware_vendor":"Dell Inc.","hardware_model":"PowerEdge R640","hardware_serial":"B5R5J42"},\
"action":"added"}
{"name":"pack/inv/debs","hostIdentifier":"4C4C4544-0042-3510-8052-B4C04F4A4E32",\
"calendarTime":"Fri Nov 20 09:00:00 2026 UTC","unixTime":1795165200,"epoch":0,"counter":0,\
"columns":{"name":"openssl","version":"3.0.11-1","maintainer":"x","arch":"amd64"},"action":"added"}
{"name":"pack/inv/debs","hostIdentifier":"4C4C4544-0042-3510-8052-B4C04F4A4E32",\
"calendarTime":"Sat Nov 21 09:00:00 2026 UTC","unixTime":1795251600,"epoch":0,"counter":1,\
"columns":{"name":"openssl","version":"3.0.11-1","maintainer":"x","arch":"amd64"},\
"action":"removed"}
{"name":"pack/inv/debs","hostIdentifier":"4C4C4544-0042-3510-8052-B4C04F4A4E32",\
"calendarTime":"Sat Nov 21 09:00:00 2026 UTC","unixTime":1795251600,"epoch":0,"counter":1,\
"columns":{"name":"openssl","version":"3.0.15-1","maintainer":"x","arch":"amd64"},"action":"added"}
{"name":"ports","hostIdentifier":"db-1","calendarTime":"Sat Nov 21 09:00:00 2026 UTC",\
"unixTime":1795251600,"snapshot":[{"pid":"7","port":"5432","protocol":"6","family":"2",\
"address":"0.0.0.0"}],"action":"snapshot"}
"""
_PRINTED: Final = b"""[
  {"hostname":"app-1","uuid":"12345678-0042-3510-8052-b4c04f4a4e32","hardware_serial":"",
   "physical_memory":"8589934592","cpu_logical_cores":"2"}
]
"""
_HOSTS: Final = b"""{"hosts": [
  {"id": 1, "hostname": "files-1", "uuid": "392547dc-0000-0000-a87a-d701ff75bc65",
   "platform": "ubuntu", "osquery_version": "5.14.1", "os_version": "Ubuntu 22.04.4 LTS",
   "memory": 4294967296, "cpu_logical_cores": 2, "primary_ip": "192.0.2.9",
   "primary_mac": "02:42:c0:a8:10:05", "hardware_serial": "-1"},
  {"id": 2, "hostname": "phone", "uuid": "u2", "platform": "ios", "osquery_version": ""}
]}
"""
IMPORTER: Final = Importer(
    title="osquery and Fleet",
    files="the logs of osqueryd (.log, .json), what osqueryi --json printed (one file a server), "
    "or Fleet's hosts (.json of its API or of fleetctl get hosts --json, .csv of its page)",
    source="https://osquery.readthedocs.io/en/stable/deployment/logging/, "
    "https://osquery.io/schema/5.14.1 and https://fleetdm.com/docs/rest-api (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="osqueryd's filesystem logger (format as in logs of 2017 and 2022)",
            files=(("osqueryd.results.log", _LOG),),
            servers=("web-1.example.org", "db-1"),
        ),
        ImportExample(
            tool="osqueryi --json (format as osquery's issue 2301 shows it)",
            files=(("app-1.json", _PRINTED),),
            servers=("app-1",),
        ),
        ImportExample(
            tool="Fleet's API (format as in an answer of 2021)",
            files=(("hosts.json", _HOSTS),),
            servers=("files-1",),
            left_out=1,
        ),
    ),
)
