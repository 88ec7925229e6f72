"""Take a piece of evidence back: it proves nothing from then on."""

from __future__ import annotations

import click

from inventory.session import Session
from migrate.cli._signing import own_key, signing_options


@click.command()
@click.argument("evidence")
@click.option("--as", "person", required=True, metavar="PERSON", help="Who takes it back.")
@click.option("--because", required=True, metavar="TEXT", help="Why it proves nothing.")
@signing_options
@click.pass_obj
def revoke(
    session: Session,
    evidence: str,
    person: str,
    because: str,
    key: str | None,
    passphrase_from: str | None,
) -> None:
    """Take a piece of evidence back: it proves nothing from then on.

    \b
        decant revoke 3f0c9a41 --as "Jane Doe" --because "the test data was loaded twice"

    EVIDENCE is its identifier, of which the beginning is enough; decant ledger show tells it. The
    entry stays in the ledger, and so does who revoked it and why. What was revoked cannot be
    brought back: run the check again. Anybody named in decant.toml may revoke, by their own key.
    """
    from migrate.people import in_words
    from migrate.stages.revoke import run
    from migrate.workbench import open_workbench

    sign = own_key(key, passphrase_from)
    with open_workbench(session) as bench:
        revocation, taken = run(bench, evidence, person=person, sign=sign, reason=in_words(because))
    what = f"{taken.stage}/{taken.check} of {taken.at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"{revocation.person} revokes {what} ({taken.result.outcome.value})")


COMMAND = revoke
