"""Small files of an invented group, as docs/working.md names them."""

from contextlib import closing
from pathlib import Path

from tests.cli.program import HOUSE, register
from tests.worlds.years import year_commands

RULES_TOML = HOUSE / "ledger/rules/rulebooks/quality-premium-2013-14.toml"

BODIES = """ods_code,name,ons_code,area_team_code,region_2013,open_date,close_date
ZZ1,Invented Vale (simulated group),,,,2013-04-01,
ZZ2,Imagined Hill (simulated group),,,,2013-04-01,
"""
PROVIDERS = """ods_code,ons_code,name,open_date,kind
ZZP,,Imaginary Ambulances (simulated provider),,provider
"""
AMBULANCES = """measure,subject,period,value,unit,published_on
red-1,ZZP,2013-04-01..2014-03-31,74.9,percent,2014-10-31
"""
PRACTICES = """ods_code,name,ccg_2013_q2,ccg_2017_03,ccg_last_paid,last_paid_fy
ZZ9001,The Imaginary Surgery,ZZ1,ZZ1,ZZ1,2016-17
"""
POPULATIONS = """ods_code,population,as_at,population_type,basis
ZZ1,41237,2013-04-01,registered,gp_list
"""
CLAIMS = """claim,about,scheme,scheme_year,quantity,as_published,amount_gbp,value,\
rounded_to_gbp,published_on,source,status
received-2013-14-ZZ1,ZZ1,quality-premium,2013-14,received,"£135,000",135000,,1000,,\
A simulated page,confirmed
"""
CONFIRMED = """body,disbursement,reference,value_date,amount
ZZ1,d6,QP-2013-14-1-ZZ1-d6,2015-11-12,3000.00
"""
BALANCES = """ods_code,scheme_year,account,on,amount_gbp,says
ZZ1,2013-14,group:held,2015-12-02,14200.00,ledger
ZZ1,2013-14,premium:not-earned,2015-12-02,25773.12,ledger
"""
SPENDING = """Department family,Entity,Date,Expense Type,Expense area,Supplier,\
Transaction,Amount
Department of Health,ZZ1 (simulated),30/11/2015,Programme Support Costs,\
QUALITY PREMIUM PROGRAMME,INVENTED CHARITY,T-1001,"44,000.00"
"""
TERMS = """agreed_on = 2013-06-01
agreed_by = ["ZZ1", "payer"]

[[targets]]
clause = "infection.c-difficile"
target = "14"

[[tests]]
measure = "local-1"
title = "Dementia: more people diagnosed"
indicator = "dementia-diagnosis"
period = "2013-04-01..2014-03-31"
comparison = "at-least"
threshold = "60"

[[tests]]
measure = "local-2"
title = "Diabetes: fewer emergency admissions"
indicator = "diabetes-admissions"
period = "2013-04-01..2014-03-31"
baseline_period = "2012-04-01..2013-03-31"
change = "percent-fall"
comparison = "at-least"
threshold = "5"

[[tests]]
measure = "local-3"
title = "Smokers who stopped"
indicator = "smokers-stopped"
period = "2013-04-01..2014-03-31"
comparison = "at-least"
threshold = "850"
"""

WORTH = "List\n\nBooked in;Worth;Voucher;\n30.11.2015;44.000,00;T-1001;\n"
WORTH_TOML = """header = 3
separator = ";"
decimal = ","

[columns]
date = "Booked in"
amount = "Worth"
transaction_number = "Voucher"
supplier = 4
"""


def results() -> str:
    """The results of the invented year, as a file."""
    import json

    lines = ["measure,subject,period,numerator,denominator,value,unit,published_on"]
    for line in year_commands().splitlines():
        given = json.loads(line)
        if given["id"].startswith("year/result/"):
            data = given["data"]
            exact = "numerator" in data
            value = "" if exact else data["value"]
            cells = (data["measure"], "ZZ1", data["period"])
            numbers = (data.get("numerator", ""), data.get("denominator", ""))
            rest = (value, data["unit"], data["published_on"])
            lines.append(",".join((*cells, *numbers, *rest)))
    return "\n".join(lines) + "\n"


def write_all(folder: Path) -> None:
    """Every file that the documentation speaks of."""
    texts = {
        "bodies.csv": BODIES,
        "practices.csv": PRACTICES,
        "populations.csv": POPULATIONS,
        "results.csv": results(),
        "providers.csv": PROVIDERS,
        "ambulances.csv": AMBULANCES,
        "claims.csv": CLAIMS,
        "confirmed.csv": CONFIRMED,
        "balances.csv": BALANCES,
        "spending.csv": SPENDING,
        "worth.csv": WORTH,
        "worth.toml": WORTH_TOML,
        "terms.toml": TERMS,
        "my-rules.toml": RULES_TOML.read_text(encoding="utf-8"),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "commands.ndjson").write_bytes(register("r1", "ZZ3") + b"\n")
    (folder / "more.ndjson").write_bytes(register("r2", "ZZ4") + b"\n")
    park(folder / "parked.db")


def park(path: Path) -> None:
    """Results of the job `reporting`, and a message of key ZZ1 that is not an event."""
    from consumers.loop import Message
    from consumers.reporting.job import JOB
    from consumers.results.results import Results

    message = Message("premium.events.v1", 0, 0, b"ZZ1", b"by hand", {})
    with closing(Results(str(path), JOB)) as results, results.transaction() as saving:
        saving.park(message, "the whole value: Invalid JSON")
