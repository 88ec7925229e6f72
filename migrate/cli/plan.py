"""Plan which server goes where, and in which wave."""

from __future__ import annotations

import click

from inventory.output import format_option, print_json, print_rows
from inventory.session import Session, tell_warning


@click.command()
@format_option()
@click.pass_obj
def plan(session: Session, form: str) -> None:
    """Plan which server goes where, and in which wave.

    \b
        decant plan

    Moves are given in decant.toml, one [[moves]] for each server that leaves. A server without
    one goes where its applications do (decant strategy): one that is retained stays for the Hub,
    one that is bought as a service or retired is planned so; a cloud is planned when people
    decided on it. What decant.toml says goes first; where the two differ, that is a warning. A
    server moves after every server that it uses, unless its wave is given by hand. What else is
    amiss (a server that moves before one that it uses, a destination for which it is not ready)
    is said as a warning, too. Run it again whenever something has changed.
    """
    from inventory.model.codec import to_plain
    from migrate.stages.plan import run
    from migrate.stages.strategy import run as decide
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        decided = decide(bench.store, bench.estate, at=bench.clock()).decisions
        made = run(bench, decided)
    if form == "json":
        print_json(to_plain(made))
        return
    columns = ["wave", "server", "to", "why_to", "replacement", "resource", "playbook", "why_wave"]
    if form == "csv" or any(each.launched_by for each in made.moves):
        columns.insert(columns.index("resource") + 1, "launched_by")
    rows = [
        {
            "wave": each.wave,
            "server": each.server,
            "to": each.to.value,
            "why_to": each.why_to,
            "replacement": each.replacement,
            "resource": each.resource,
            "launched_by": each.launched_by or None,
            "playbook": each.playbook,
            "why_wave": each.why_wave,
        }
        for each in made.moves
    ]
    print_rows(rows, columns, form, empty="no move is given: add [[moves]] to decant.toml")
    for warning in made.warnings:
        tell_warning(warning)
    if made.unplanned:
        session.say(f"without a move: {', '.join(made.unplanned)}")


COMMAND = plan
