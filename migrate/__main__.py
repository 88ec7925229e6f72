"""Run ``decant`` as ``python -m migrate``, where its console script is not on the PATH."""

from migrate.console import main

main()
