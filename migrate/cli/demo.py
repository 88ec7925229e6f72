"""See the whole flow on a small estate of its own, in about a minute."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Keep the demo's estate in this new folder, instead of a temporary one.",
)
@click.option(
    "--embedded",
    is_flag=True,
    help="Use embedded servers that answer with recorded transcripts; needs no root.",
)
def demo(folder: Path | None, *, embedded: bool) -> None:
    """Raise a small estate, and type every command of the main line.

    \b
        decant demo

    Servers are refused to be switched off, tested, approved, and then permitted. As root on
    Linux they are real OpenSSH servers in namespaces of their own, otherwise embedded ones that
    answer with recorded transcripts. Nothing outside is touched, and nothing but the demo's
    estate folder is left.
    """
    from migrate.demo.run import run_demo
    from migrate.demo.telling import Telling

    run_demo(folder, embedded=embedded, telling=Telling())


COMMAND = demo
