"""What a user types to see costs, and what they see."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from terminal import Decant

LINES = """
[[partners]]
name = "SBC"
share = 50
[[partners]]
name = "EHDC"
share = 50
[[on_premise]]
what = "VMware"
kind = "licence"
yearly_pounds = 1000.01
[[on_premise]]
what = "Tape room"
kind = "space"
yearly_pounds = 300
servers = ["nobody"]
"""


def test_costs_are_listed_with_the_total_of_each_place(shop: Decant) -> None:
    """Servers as they are on premise and in each cloud; what no server bears; then the totals."""
    with Path("decant.toml").open("a") as file:
        file.write(LINES)
    shop("classify")
    said = shop("costs")
    assert said.code == 0
    lines = said.out.splitlines()
    assert " ".join(lines[0].split()) == "server where size gbp a month gbp 5 years kg co2e a month"
    assert [line.split()[0] for line in lines[-3:]] == ["TOTAL"] * 3
    assert any(line.startswith("(no server: Tape room)") for line in lines)
    home = next(line for line in lines if line.startswith("TOTAL    ") and "on premise" in line)
    assert "over 6500.05" in home


def test_the_parts_of_servers_add_up_to_the_bill(shop: Decant) -> None:
    """To the penny, over as many years as are asked for; unknown cells are empty in CSV."""
    with Path("decant.toml").open("a") as file:
        file.write(LINES)
    said = shop("costs", "--years", "3", "--format", "csv")
    assert said.code == 0
    rows = list(csv.DictReader(io.StringIO(said.out)))
    pence = [round(float(row["gbp_3_years"]) * 100) for row in rows]
    assert sum(pence) == 300003 + 90000
    assert {row["kg_co2e_a_month"] for row in rows} == {""}
    assert all("power: nobody gave it" in row["left_out"] for row in rows[:-1])
    assert "decant classify" in said.err


def test_one_server_costs_what_it_costs_among_all(shop: Decant) -> None:
    """Naming it shows its part, not the whole; each line is explained with its basis."""
    with Path("decant.toml").open("a") as file:
        file.write(LINES)
    shop("classify")
    said = shop("costs", "web-1", "--explain", "--buy", "reserved-3y")
    assert said.code == 0
    assert "VMware: 20.83 GBP a month (derived: by server, among 4; decant.toml)" in said.out
    assert "Tape room" not in said.out
    assert "power: unknown: nobody gave it" in said.out
    assert "reserved-3y: " in said.out
    assert "or compute" in said.out
    assert "assumed: shared SBC 50 %, EHDC 50 % where nothing else is said" in said.out
    assert shop("costs", "nobody").code == 2


def test_programs_get_every_line_and_each_total(shop: Decant) -> None:
    """JSON has charges with their basis, and the total with what it leaves out."""
    shop("classify", "web-1", "--target", "aws")
    found = shop("costs", "web-1", "--format", "json").json()
    aws = next(each for each in found["bills"] if each["where"] == "aws")
    known = [each["monthly_pence"] for each in aws["charges"] if each["monthly_pence"] is not None]
    assert aws["total"]["monthly_pence"] == sum(known)
    assert len(aws["total"]["left_out"]) == len(aws["charges"]) - len(known)
    assert {each["basis"] for each in aws["charges"]} <= {
        "observed",
        "derived",
        "estimate",
        "unknown",
    }


def test_an_empty_estate_has_no_costs(decant: Decant) -> None:
    """And says what to do."""
    decant("init")
    said = decant("costs")
    assert (said.code, said.out) == (0, "")
    assert "decant discover" in said.err
