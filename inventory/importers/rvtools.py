"""RVTools: all that vCenter knows of its virtual machines, as a workbook or the CSV files of tabs.

Read are the tabs that say something of a virtual machine: vInfo, vCPU, vMemory, vDisk, vPartition,
vNetwork, vCD, vFloppy, vUSB, vSnapshot, vTools; vPort and dvPort for the VLANs of its networks,
vHost for the hypervisors, vSource and vMetaData for where and when. Passed over are those of what
stays behind (vRP, vCluster, vHBA, vNIC, vSwitch, dvSwitch, vSC_VMK, vDatastore, vMultiPath,
vFileInfo, vHealth) and vLicense, which holds licence keys.

Virtual machines become servers, on or off. Left out are templates, placeholders of replicas, the
machines of vSphere's own clustering (vCLS), the hypervisors, and machines that were taken out of
vInfo and left in other tabs. Times are of the clock of the Windows that RVTools ran on; they are
taken as UTC. Sizes are MiB in every version, whatever the title says.
"""

from __future__ import annotations

import contextlib
import gc
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._rvtools_examples import EXAMPLES
from inventory.importers._rvtools_info import Statements
from inventory.importers._rvtools_moments import Order
from inventory.importers._rvtools_parts import adding, addresses_of
from inventory.importers._rvtools_records import Around, items_of
from inventory.importers._rvtools_tabs import OF_VMS, Sheet, Tab, is_tab, sheets_of
from inventory.importers._rvtools_vms import Ids, Vm, Vms, ids_of
from inventory.model.imported import Item, LeftOut, Unread
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer
from inventory.model.nearness import Nearness
from inventory.reading import values
from inventory.reading.export import Export, File, Kind
from inventory.reading.table import Cell, Table

_CLUSTERING: Final = re.compile(r"vCLS(?:-[0-9a-f]{8}-| ?\(\d+\)|-\d|\Z)")
"""vSphere Cluster Services: ``vCLS (12)``, later ``vCLS-`` and a UUID."""
_HIGHEST_VLAN: Final = 4094


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if file.kind not in {Kind.DELIMITED, Kind.WORKBOOK}:
        return NO
    try:
        tables = tuple(file.tables())
    except BadInputError:
        return NO
    sheets = sheets_of(tables)
    if any(each.tab in OF_VMS and _is_surely(each) for each in sheets):
        return CERTAIN
    if any(each.tab in OF_VMS for each in sheets):
        return LIKELY + 1
    return LIKELY if any(map(_speaks_of_hypervisors, tables)) else NO


def _is_whole(export: Export) -> bool:
    """Say whether it lists the virtual machines of its vCenter, as the tab vInfo does."""
    return any(each.tab is Tab.INFO for each in sheets_of(export.tables()))


def _is_surely(sheet: Sheet) -> bool:
    """Say whether enough columns of the tab are there."""
    return len(sheet.places) >= 4 and ("power" in sheet.places or "vcenter" in sheet.places)  # noqa: PLR2004  # the name and three more


def _speaks_of_hypervisors(table: Table) -> bool:
    return is_tab(table) and table.place("VI SDK Server", "ESX Version", "VI SDK UUID") is not None


def _read(export: Export) -> Iterator[Item]:
    groups: dict[str, list[Table]] = {}
    for file in export.files:
        group = file.name if file.kind is Kind.WORKBOOK else str(PurePosixPath(file.name).parent)
        groups.setdefault(group, []).extend(file.tables())
    understood = False
    for tables in groups.values():
        sheets = sheets_of(tables)
        understood = understood or bool(sheets) or any(map(_speaks_of_hypervisors, tables))
        yield from _Estate(sheets).items()
    if not understood:
        raise BadInputError(
            "there is no tab of RVTools in it",
            hint="export all tabs to xlsx or csv; a table needs a column VM and its tab's name",
        )


class _Estate:
    """The tabs of one workbook, or the CSV files of one folder, read one after the other."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        self._tabs = frozenset(each.tab for each in sheets)
        self._has_info = Tab.INFO in self._tabs
        self._vms = Vms()
        self._order = Order()
        self._covered: set[str] = set()
        """Columns that every tab repeats and one that was read gave."""
        self._vcenters: set[str] = set()
        self._at: datetime | None = None
        self._vlans: dict[tuple[str, str], int | None] = {}
        self._missing: set[Ids] = set()
        """What other tabs name and vInfo does not, each told once."""

    def items(self) -> Iterator[Item]:
        """Yield what the tabs say, once all are read."""
        with _uncollected():
            others = [item for sheet in self._sheets for item in self._read(sheet)]
        yield from others
        around = Around(
            tabs=self._tabs,
            vcenter=next(iter(self._vcenters)) if len(self._vcenters) == 1 else "",
            at=self._at,
            order=self._order,
        )
        gc.freeze()
        try:
            for vm in self._vms.keyed():
                yield from items_of(vm, around)
        finally:
            gc.unfreeze()

    def _read(self, sheet: Sheet) -> Iterator[Item]:
        match sheet.tab:
            case Tab.METADATA | Tab.SOURCE:
                yield from self._about(sheet)
            case Tab.PORT | Tab.DV_PORT:
                self._ports(sheet)
            case Tab.HOST:
                yield from _hypervisors(sheet)
            case _:
                yield from self._machines(sheet)

    def _about(self, sheet: Sheet) -> Iterator[Item]:
        for row, cells in sheet.table.read():
            try:
                vcenter = values.text(sheet.cell(cells, "vcenter"))
                self._at = self._at or self._order.moment(sheet.cell(cells, "at"))
            except ValueError as error:
                yield Unread(why=str(error), where=sheet.where(row))
                continue
            if vcenter:
                self._vcenters.add(vcenter.lower())

    def _ports(self, sheet: Sheet) -> None:
        """Learn the VLANs of port groups; 0 is none, and 0-4094 is a trunk."""
        for _, cells in sheet.table.read():
            try:
                network = values.text(sheet.cell(cells, "network"))
                switch = values.text(sheet.cell(cells, "switch"))
                number = values.whole(sheet.cell(cells, "vlan"))
            except ValueError:
                continue
            vlan = number if number and number <= _HIGHEST_VLAN else None
            if network:
                key = (switch or "", network)
                self._vlans[key] = vlan if self._vlans.get(key, vlan) == vlan else None

    def _machines(self, sheet: Sheet) -> Iterator[Item]:
        statements = Statements(sheet, self._covered)
        add = adding(sheet, self._order, self._vlans)
        named = itemgetter(*(sheet.places[each] for each in sheet.naming))
        met = self._vms.met(sheet.naming)
        for row, cells in sheet.table.read():
            vm = None if sheet.tab is Tab.INFO else met.get(named(cells))
            if vm is None:
                found = self._named_by(sheet, row, cells)
                if not isinstance(found, Vm):
                    yield from found
                    continue
                vm = found
                if vm.ids.is_numbered:
                    met[named(cells)] = vm
            if vm.left_out:
                continue
            if add:
                try:
                    add(vm, cells)
                except ValueError as error:
                    yield Unread(why=str(error), where=sheet.where(row))
            if statements:
                yield from statements.state(vm, cells, partial(sheet.where, row))
            if sheet.tab is Tab.INFO:
                self._more(sheet, vm, cells)

    def _named_by(self, sheet: Sheet, row: int, cells: tuple[Cell, ...]) -> Vm | tuple[Item, ...]:
        """Return the virtual machine of a row, or what the row comes to without one.

        There is a new one only where the tab is the leading one.
        """
        if cells[sheet.places["vm"]] == sheet.table.header[sheet.places["vm"]]:
            return ()  # a header that comes again, where workbooks were merged
        try:
            ids = ids_of(sheet, cells)
            leading = sheet.tab is Tab.INFO
            found = None if leading else self._vms.find(ids)
        except ValueError as error:
            return (Unread(why=str(error), where=sheet.where(row)),)
        if found:
            return found
        if not ids.name:
            return (Unread(why="it has no name", where=sheet.where(row)),)
        if not leading and self._has_info:
            return self._not_in_info(sheet, row, ids, cells)
        vm = self._vms.add(ids, sheet, sheet.where(row))
        vm.left_out = vm.left_out or _what_it_is(sheet, cells, ids.name)
        return vm

    def _not_in_info(
        self, sheet: Sheet, row: int, ids: Ids, cells: tuple[Cell, ...]
    ) -> tuple[Item, ...]:
        if ids in self._missing:
            return ()
        self._missing.add(ids)
        what = _what_it_is(sheet, cells, ids.name) or "server that vInfo does not list"
        return (LeftOut(what=what, name=ids.name, where=sheet.where(row)),)

    def _more(self, sheet: Sheet, vm: Vm, cells: tuple[Cell, ...]) -> None:
        """Take what of vInfo is understood only once all tabs are read."""
        vm.created, vm.powered_on = sheet.cell(cells, "created"), sheet.cell(cells, "powered_on")
        self._order.look(vm.created)
        self._order.look(vm.powered_on)
        with contextlib.suppress(ValueError):  # a spreadsheet's error instead of an address
            vm.address = next(addresses_of(sheet.cell(cells, "address")), None)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of reference cycles from running while much is made and nothing dropped.

    It would look at all that is already there again and again, and find no cycle: a third of the
    time that a large export takes.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _what_it_is(sheet: Sheet, cells: tuple[Cell, ...], name: str) -> str | None:
    """Return what a virtual machine is that is no server; None for a server."""
    for column, what in (("template", "template"), ("placeholder", "placeholder of a replica")):
        with contextlib.suppress(ValueError):  # which is told when the row's columns are read
            if values.truth(sheet.cell(cells, column)):
                return what
    return "system machine of vSphere (vCLS)" if _CLUSTERING.match(name) else None


def _hypervisors(sheet: Sheet) -> Iterator[Item]:
    for row, cells in sheet.table.read():
        try:
            name = values.text(sheet.cell(cells, "host"))
        except ValueError as error:
            yield Unread(why=str(error), where=sheet.where(row))
            continue
        if name:
            yield LeftOut(what="hypervisor", name=name, where=sheet.where(row))


IMPORTER: Final = Importer(
    title="RVTools",
    files="one .xlsx, the .csv files of its tabs (RVTools_tabvInfo.csv …), or a .zip of them",
    source="no published description; read from exports of RVTools 3.9 to 4.7 (2026-11-23)",
    nearness=Nearness.HYPERVISOR,
    whole=_is_whole,
    recognise=_recognise,
    read=_read,
    examples=EXAMPLES,
)
