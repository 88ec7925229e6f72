"""Run ``decant`` as ``python -m migrate``, where its console script is not on the PATH.

Python looks into the folder that it is called in before all others: an estate's own ``playbooks``
would be taken for Decant's, and any file for the module of its name. The console script does not
look there, and neither does this.
"""

import os.path
import sys

_OURS = os.path.realpath(f"{__file__}/../..")
"""By os.path: whatever else was imported here would be looked for in that folder, too."""

if not sys.flags.safe_path and os.path.realpath(sys.path[0]) != _OURS:
    del sys.path[0]

from migrate.console import main  # noqa: E402  only now it is ours for sure

main()
