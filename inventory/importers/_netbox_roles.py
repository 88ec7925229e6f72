"""Which devices of NetBox are servers: by their role, and where that is unknown by what they run.

Roles are made by whoever keeps the inventory, so their words decide. A device of which nothing
tells what it is stays a server: one too many is seen, one too few is not.
"""

from __future__ import annotations

import re
from typing import Final

from inventory.importers._os_name import read_os_name

_SERVER: Final = re.compile(
    r"server|serveur|hypervisor|\bhosts?\b|\besxi?\b|compute|\bnodes?\b|\bnas\b|storage|mainframe"
    r"|\bvms?\b|database|\bweb\b|kubernetes|k8s|workstation|blade(?! ?(chassis|enclosure))",
    re.IGNORECASE,
)
_NO_SERVER: Final = re.compile(
    r"switch|router|firewall|\bpdus?\b|\bups\b|patch|panel|printer|camera|phone|modem|console"
    r"|\bkvm\b|access ?point|\baps?\b|\bwlc\b|wireless|wifi|gateway|load ?balancer|balancer|chassis"
    r"|enclosure|shelf|power|cable|cabling|sensor|optical|\bdwdm\b|mux|transponder|spine|leaf"
    r"|\btor\b|\boob\b|backbone|\bcpe\b|encoder|intercom|badge|access control|terminal server"
    r"|timeserver|time server|tape|library|\bsan\b|media converter|thermostat|projector|display",
    re.IGNORECASE,
)
_NETWORK_PLATFORM: Final = re.compile(
    r"\bios\b|ios-?x[er]|nx-?os|junos|\beos\b|arubaos|pan-?os|forti|routeros|comware|cumulus"
    r"|\basa\b|vrp|\bsr ?os\b|dell os\d|\bopnsense|pfsense|checkpoint|edgeos|procurve",
    re.IGNORECASE,
)


def is_server(role: str | None, platform: str | None, kind: str | None) -> bool:
    """Tell whether a device is a server, by its role, platform and type."""
    said = (role or "").replace("_", " ").replace("-", " ")
    if _NO_SERVER.search(said):
        return False
    if _SERVER.search(said) or read_os_name(platform or "").family:
        return True
    return not (_NETWORK_PLATFORM.search(platform or "") or _NO_SERVER.search(kind or ""))
