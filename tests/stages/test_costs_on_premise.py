"""Promises of costs on premise: the estate's own bills, shared so that not a penny is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from cost_samples import TODAY, costing, line, server
from hypothesis import given
from hypothesis import strategies as st

from inventory.errors import BadInputError
from inventory.estate_costs import OnPremiseLine
from inventory.estate_file import read_estate
from inventory.model.fact import Reason
from inventory.model.facts import CPU_THREADS, INTERFACES, MEMORY_TOTAL
from inventory.model.parts import Interface
from inventory.model.site import Site
from migrate.costing.on_premise import EXPECTED, OnPremise
from migrate.costing.period import period_pence
from migrate.model.cost import Account, Basis, Bill, Fund, Kind

ESTATE = """[estate]
name = "x"
[[partners]]
name = "SBC"
share = 50
[[partners]]
name = "EHDC"
share = 50
[[on_premise]]
what = "SAN"
kind = "hardware"
"""


def home(lines: list[OnPremiseLine], *names: str) -> list[Bill]:
    """Return the bills on premise of servers of these names."""
    return list(costing(lines=lines).costs([server(name) for name in names], [], {}).bills)


@given(
    st.lists(
        st.tuples(
            st.decimals(min_value=0, max_value=10**6, places=2),
            st.sampled_from(["by server", "by vCPU", "by memory"]),
            st.sampled_from(["*", "a*", "*1", "nobody"]),
        ),
        min_size=1,
        max_size=5,
    ),
    st.lists(
        st.tuples(st.sampled_from(["a1", "a2", "b1", "b2"]), st.none() | st.integers(0, 256)),
        min_size=1,
        max_size=8,
    ),
)
def test_all_bills_together_are_what_the_estate_pays(
    bills: list[tuple[Decimal, str, str]], kept: list[tuple[str, int | None]]
) -> None:
    """What servers bear and what none bears adds up to the lines, whatever is known of them."""
    lines = [
        line(f"line {n}", pounds=str(pounds), shared=shared, servers=(pattern,))
        for n, (pounds, shared, pattern) in enumerate(bills)
    ]
    servers = []
    for n, (name, weight) in enumerate(kept):
        own = (
            (CPU_THREADS.unknown(Reason.NOT_TOLD), MEMORY_TOTAL.unknown(Reason.NOT_TOLD))
            if weight is None
            else (CPU_THREADS.known(weight), MEMORY_TOTAL.known(weight))
        )
        servers.append(server(f"{name}-{n}" if name[0] == "a" else f"{n}-{name}", *own))
    found = costing(lines=lines).costs(servers, [], {})
    borne = [charge for bill in found.bills for charge in bill.charges]
    every = [*borne, *found.unallocated]
    for each in lines:
        whole = period_pence(each, TODAY, 5)
        paid = [charge for charge in every if charge.what == each.what]
        assert sum(charge.period_pence or 0 for charge in paid) == whole
        assert sum(charge.monthly_pence or 0 for charge in paid) == (2 * whole + 60) // 120


def test_a_bill_by_hand() -> None:
    """1,000 pounds a year by vCPU among 4, 8 and 4: a quarter, a half and a quarter of 5,000."""
    servers = [server("a"), server("b", CPU_THREADS.known(8)), server("c")]
    found = costing(lines=[line(pounds="1000", shared="by vCPU")]).costs(servers, [], {})
    assert [bill.total.period_pence for bill in found.bills] == [125000, 250000, 125000]
    assert [bill.total.monthly_pence for bill in found.bills] == [2083, 4167, 2083]


def test_a_weight_that_is_not_known_is_the_others_average() -> None:
    """Such a server bears a part, and its part is called an estimate."""
    servers = [server("a"), server("b", CPU_THREADS.unknown(Reason.UNREACHABLE))]
    found = costing(lines=[line(shared="by vCPU")]).costs(servers, [], {})
    known, guessed = (bill.charges[0] for bill in found.bills)
    assert (known.period_pence, known.basis) == (300000, Basis.DERIVED)
    assert (guessed.period_pence, guessed.basis) == (300000, Basis.ESTIMATE)
    assert "not known" in guessed.why


def test_a_line_that_nobody_gave_is_missing_never_nought() -> None:
    """Hardware, power, licences and support are named for each server where they are lacking."""
    (bare,) = home([], "web-1")
    assert bare.total.period_pence is None
    assert [charge.kind for charge in bare.charges] == list(EXPECTED)
    (given_one,) = home([line()], "web-1")
    assert given_one.total.period_pence == 600000
    assert [each.partition(":")[0] for each in given_one.total.left_out] == [
        "hardware",
        "power",
        "support",
    ]


def test_a_line_that_no_server_bears_is_told_apart() -> None:
    """It is in no server's bill, and is not lost."""
    found = costing(lines=[line(servers=("nobody",))]).costs([server("web-1")], [], {})
    assert [each.period_pence for each in found.unallocated] == [600000]
    assert "no server bears it" in found.unallocated[0].why
    assert found.bills[0].total.period_pence is None


def test_lines_are_borne_by_name_site_or_application() -> None:
    """Any of the three that fits makes a server bear it; a site is known by address, too."""
    near = server(
        "near",
        INTERFACES.known(
            (Interface(name="eth0", kind="physical", mac=None, addresses=("10.1.0.4/24",)),)
        ),
    )
    every = [near, server("db-1"), server("other")]
    own = OnPremise(
        lines=(
            line("room", sites=("DC1",)),
            line("oracle", applications=("oracle-database",)),
            line("named", servers=("DB-?",)),
        ),
        sites=(Site(name="DC1", networks=("10.1.0.0/16",)),),
        since=TODAY,
        years=5,
        parts=(),
    )
    found, unborne = own.shared(every, {"id-other": frozenset({"oracle-database"})})
    whose = {
        key: [each.what for each in charges if each.period_pence] for key, charges in found.items()
    }
    assert whose == {"id-near": ["room"], "id-db-1": ["named"], "id-other": ["oracle"]}
    assert unborne == ()


def test_account_fund_and_partners_stay_with_each_line() -> None:
    """A line keeps its own split; the others are shared as the estate is."""
    split = {"SBC": Decimal(70), "EHDC": Decimal(30)}
    lines = [line(account="capital", fund="hra", partners=split), line("power", "power")]
    (found,) = home(lines, "web-1")
    first, second = found.charges[:2]
    assert (first.account, first.fund) == (Account.CAPITAL, Fund.HRA)
    assert [(part.partner, part.percent) for part in first.parts] == list(split.items())
    assert (second.account, second.fund, second.kind) == (Account.REVENUE, None, Kind.POWER)
    assert [part.percent for part in second.parts] == [50, 50]


@pytest.mark.parametrize(
    ("more", "pounds"),
    [
        ({}, "6000"),
        ({"until": date(2027, 11, 22)}, "1200"),
        ({"since": date(2031, 11, 22)}, "3.29"),
        ({"until": date(2026, 11, 22)}, "0"),
        ({"since": date(2031, 11, 23)}, "0"),
        ({"yearly_pounds": None, "once_pounds": Decimal(500), "since": TODAY}, "500"),
        ({"yearly_pounds": None, "once_pounds": Decimal(500), "since": date(2031, 11, 23)}, "0"),
        ({"yearly_pounds": None, "once_pounds": Decimal(500), "since": date(2020, 1, 1)}, "0"),
    ],
)
def test_a_line_counts_for_the_days_that_it_is_paid(more: dict[str, object], pounds: str) -> None:
    """1,200 a year over five years: whole years whole, one day of 365 as 3.29, paid once once."""
    assert period_pence(line(**more), TODAY, 5) == int(Decimal(pounds) * 100)  # type: ignore[arg-type]


def test_what_is_not_due_within_the_period_says_so() -> None:
    """Its part is nought because it was paid before, and that is told."""
    paid = line(yearly_pounds=None, once_pounds=Decimal(500), since=date(2020, 1, 1))
    (found,) = home([paid], "web-1")
    assert found.charges[0].period_pence == 0
    assert "nothing of it is due in these years" in found.charges[0].why


def test_a_year_with_a_leap_day_costs_what_any_year_costs() -> None:
    """From the 29th of February on, too."""
    assert period_pence(line(), date(2028, 2, 29), 1) == 120000
    assert period_pence(line(), date(2027, 6, 1), 3) == 360000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yearly_pounds = 1\nonce_pounds = 2\nfrom = 2027-01-01", "has both"),
        ("once_pounds = 2", "not said when"),
        ("", "has neither"),
        ("yearly_pounds = -1", "minimum"),
        ('yearly_pounds = 1\nfrom = "2027-01-01"', "is no date"),
        ("yearly_pounds = 1\npartners = { SBC = 60, EHDC = 30 }", "add up to 90"),
        ("yearly_pounds = 1\npartners = { ABC = 100 }", "'ABC' is not among"),
        ('yearly_pounds = 1\nsites = ["DC9"]', "'DC9' is not among"),
        ('yearly_pounds = 1\nshared = "by luck"', "by luck"),
    ],
)
def test_a_fault_in_a_line_is_named_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    """Nothing that cannot be meant is taken for a cost."""
    (tmp_path / "decant.toml").write_text(ESTATE + text + "\n")
    with pytest.raises(BadInputError) as caught:
        read_estate(tmp_path, {})
    assert words in str(caught.value)
    assert caught.value.place is not None
    assert caught.value.place.line is not None
    assert caught.value.place.line >= 8


def test_a_line_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Every field, to the penny."""
    more = (
        'yearly_pounds = 1234.56\nshared = "by memory"\nservers = ["db-*"]\n'
        'from = 2026-04-01\nuntil = 2031-03-31\naccount = "capital"\nfund = "general"\n'
        "partners = { SBC = 60, EHDC = 40 }\n"
        '[costs]\nlicences = ["sql"]\nbackup_percent = 150\naws_support_percent = 10\n'
    )
    (tmp_path / "decant.toml").write_text(ESTATE + more)
    estate = read_estate(tmp_path, {})
    assert estate.on_premise == (
        OnPremiseLine(
            what="SAN",
            kind="hardware",
            yearly_pounds=Decimal("1234.56"),
            account="capital",
            fund="general",
            servers=("db-*",),
            shared="by memory",
            since=date(2026, 4, 1),
            until=date(2031, 3, 31),
            partners={"SBC": Decimal(60), "EHDC": Decimal(40)},
        ),
    )
    assert estate.costs is not None
    assert estate.costs.licences == {"sql"}
    assert estate.costs.backup_percent == 150
    assert estate.costs.support_percent == {"aws": Decimal(10)}
    assert estate.costs.egress_percent is None
