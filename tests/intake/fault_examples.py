"""Files with one fault or several, by what is wrong with them."""

BODY = "ods_code,ons_code,name,open_date,close_date\n"
SUCCESSION = "predecessor_code,successor_code,date\n"
PRACTICE = (
    "ods_code,name,ccg_2013_q2,ccg_2017_03,ccg_last_paid,last_paid_fy,"
    "open_date,close_date_2017_03\n"
)
POPULATION = "ods_code,population,as_at,population_type,basis\n"
DERIVED = "ods_code,heads,as_at,basis,derived_from_claim,arithmetic\n"
RESULT = (
    "measure,ods_code,period_start,period_end,numerator,denominator,value,unit,"
    "published_on\n"
)
PERIOD = "measure,subject,period,value,unit\n"
CLAIM = (
    "claim,about,scheme,scheme_year,quantity,as_published,amount_gbp,value,"
    "rounded_to_gbp,published_on,source,status\n"
)
BALANCE = "ods_code,scheme_year,account,on,amount_gbp,says\n"

ONE_BODY = "X01,,One,2013-04-01,\n"
ONE_RESULT = "rtt-incomplete,X01,2013-04-01,2014-03-31"
ONE_DAY = "2015-03-31"
ONE_YEAR = "2013-04-01,2014-03-31"
ONE_CLAIM = "paid-1,england,quality-premium,2013-14,paid"

# What is wrong -> kind, content.
FAULTS: dict[str, tuple[str, str | bytes]] = {
    # The file as a whole.
    "empty file": ("bodies", b""),
    "no rows": ("bodies", BODY),
    "workbook": ("bodies", b"PK\x03\x04rest"),
    "old workbook": ("bodies", b"\xd0\xcf\x11\xe0rest"),
    "UTF-16": ("bodies", BODY.encode("utf-16")),
    "no text": ("bodies", BODY + "X01,,A\0B,2013-04-01,\n"),
    "no known encoding": ("bodies", BODY.encode() + b"X01,,Caf\xe9 \x81,,\n"),
    "quote never closed": ("bodies", BODY + ONE_BODY + 'X02,,"Two,2013-04-01,\n'),
    "quote inside": ("bodies", BODY + 'X02,,"Two" Ltd,2013-04-01,\n'),
    "columns missing": ("populations", "ods_code,people\nX01,5\n"),
    "columns misspelt": (
        "populations",
        "ods_cod,Population,as_at,population type,bases\nX01,5,2013-04-01,a,b\n",
    ),
    "optional column misspelt": (
        "bodies",
        "ods_code,ons_code,name,open_date,closed_date\nX01,,One,,\n",
    ),
    "column twice": ("bodies", BODY.replace("\n", ",name\n") + "X01,,One,,,One\n"),
    "another kind": ("bodies", PRACTICE + "Z90001,Name,,,,,,\n"),
    "semicolons": ("bodies", BODY.replace(",", ";") + "X01;;One;;\n"),
    "tabs": ("bodies", BODY.replace(",", "\t") + "X01\t\tOne\t\t\n"),
    # A row.
    "too few cells": ("bodies", BODY + "X01,,One\n"),
    "too many cells": ("bodies", BODY + "X01,,One, Two and Three,2013-04-01,\n"),
    "more rows than one wrong": ("bodies", BODY + "X01\nX02,,,,\n"),
    "code missing": ("bodies", BODY + ",,One,,\n"),
    "code in small letters": ("bodies", BODY + "x01,,One,,\n"),
    "no code": ("bodies", BODY + "1.00E+02,,One,,\n"),
    "name missing": ("bodies", BODY + "X01,,,,\n"),
    "line break in a name": ("bodies", BODY + 'X01,,"One\nand Two",,\n'),
    "endless text": ("bodies", BODY + f"X01,,{'n' * 501},,\n"),
    "day first": ("bodies", BODY + "X01,,One,31/03/2013,\n"),
    "month first": ("bodies", BODY + "X01,,One,03/31/2013,\n"),
    "either way": ("bodies", BODY + "X01,,One,03/04/2013,\n"),
    "the same either way": ("bodies", BODY + "X01,,One,04.04.2013,\n"),
    "no such day": ("bodies", BODY + "X01,,One,2013-02-29,\n"),
    "no such year": ("bodies", BODY + "X01,,One,0213-04-01,\n"),
    "words for a day": ("bodies", BODY + "X01,,One,April 2013,\n"),
    "closed before opened": ("bodies", BODY + "X01,,One,2013-04-01,2013-03-31\n"),
    "unknown kind": (
        "bodies",
        BODY.replace("\n", ",kind\n") + "X01,,One,,,practice\n",
    ),
    "succeeded by itself": ("bodies", SUCCESSION + "X01,X01,2015-04-01\n"),
    "succession without a day": ("bodies", SUCCESSION + "X01,X02,\n"),
    "practice without a name": ("practices", PRACTICE + "Z90001,,,,,,,\n"),
    "line break in a practice's name": (
        "practices",
        PRACTICE + 'Z90001,"Drs\nA",,,,,,\n',
    ),
    "group without its year": ("practices", PRACTICE + "Z90001,N,,,X01,,,\n"),
    "year without its group": ("practices", PRACTICE + "Z90001,N,,,,2015-16,,\n"),
    "year with a stroke": ("practices", PRACTICE + "Z90001,N,,,X01,2015/16,,\n"),
    "no year": ("practices", PRACTICE + "Z90001,N,,,X01,2015-17,,\n"),
    "two groups on one day": (
        "practices",
        PRACTICE + "Z90001,N,,X01,X02,2016-17,,\n",
    ),
    "practice closed before opened": (
        "practices",
        PRACTICE + "Z90001,N,,,,,2013-04-01,2013-03-31\n",
    ),
    "practice twice": (
        "practices",
        PRACTICE + "Z90001,Drs A,X01,,,,,\nZ90001,Drs B,X02,,,,,\n",
    ),
    "heads missing": ("populations", POPULATION + "X01,,2013-04-01,a,b\n"),
    "half a head": ("populations", POPULATION + "X01,1.5,2013-04-01,a,b\n"),
    "heads below zero": ("populations", POPULATION + "X01,-1,2013-04-01,a,b\n"),
    "heads with a comma": (
        "populations",
        POPULATION + 'X01,"88,000",2013-04-01,a,b\n',
    ),
    "basis missing": ("populations", POPULATION + "X01,1,2013-04-01,a,\n"),
    "heads told twice": (
        "populations",
        POPULATION + "X01,10,2013-04-01,a,b\nX01,11,2013-04-01,a,b\n",
    ),
    "working that gives another": (
        "populations",
        DERIVED + "X01,88001,2013-04-01,running-cost,c,2200000 / 25\n",
    ),
    "heads with a comma beside their working": (
        "populations",
        DERIVED + 'X01,"88,000",2013-04-01,running-cost,c,2200000 / 25\n',
    ),
    "no working": (
        "populations",
        DERIVED + "X01,88000,2013-04-01,running-cost,,2200000 by 25\n",
    ),
    "division by nothing": (
        "populations",
        DERIVED + "X01,88000,2013-04-01,running-cost,c,2200000 / 0\n",
    ),
    "measure with spaces": (
        "results",
        RESULT + f"RTT Incomplete,X01,{ONE_YEAR},,,92,percent,\n",
    ),
    "unit missing": ("results", RESULT + f"{ONE_RESULT},,,92,,\n"),
    "no figure": ("results", RESULT + f"{ONE_RESULT},9,,,percent,\n"),
    "percent sign": ("results", RESULT + f"{ONE_RESULT},,,92.1%,percent,\n"),
    "words for a figure": ("results", RESULT + f"{ONE_RESULT},,,n/a,percent,\n"),
    "scientific figure": ("results", RESULT + f"{ONE_RESULT},,,9.2E1,percent,\n"),
    "value that is not theirs": (
        "results",
        RESULT + f"{ONE_RESULT},2,3,66.6,percent,\n",
    ),
    "numbers that are none": (
        "results",
        RESULT + f"{ONE_RESULT},6.z,3,2.2,ratio,\n{ONE_RESULT},6,1.z,2.2,ratio,\n",
    ),
    "nothing below": ("results", RESULT + f"{ONE_RESULT},2,0,,percent,\n"),
    "value beyond the rounding of its numbers": (
        "results",
        RESULT + f"{ONE_RESULT},6.6,3,2.2168,ratio,\n",
    ),
    "value of an unknown ratio": (
        "results",
        RESULT + f"{ONE_RESULT},2,3,,items-per-starpu,\n",
    ),
    "no scale": ("results", RESULT + f"{ONE_RESULT},2,3,2,cases,\n"),
    "neither yes nor no": ("results", RESULT + f"{ONE_RESULT},,,2,yes-no,\n"),
    "period backwards": (
        "results",
        RESULT + "rtt-incomplete,X01,2014-03-31,2013-04-01,,,92,percent,\n",
    ),
    "period of one cell": ("results", PERIOD + "m,X01,2013/14,92,percent\n"),
    "period missing": ("results", PERIOD + "m,X01,,92,percent\n"),
    "period of one cell backwards": (
        "results",
        PERIOD + "m,X01,2014-03-31..2013-04-01,92,percent\n",
    ),
    "result told twice": (
        "results",
        RESULT + f"{ONE_RESULT},,,92,percent,\n{ONE_RESULT},,,93,percent,\n",
    ),
    "pounds with a sign": ("claims", CLAIM + f"{ONE_CLAIM},£1,£1,,,,web,confirmed\n"),
    "finer than a penny": (
        "claims",
        CLAIM + f"{ONE_CLAIM},£1,1.005,,,,web,confirmed\n",
    ),
    "money below zero": ("claims", CLAIM + f"{ONE_CLAIM},£1,-1,,,,web,confirmed\n"),
    "money and a number": (
        "claims",
        CLAIM + f"{ONE_CLAIM},£1,1,0.5,,,web,confirmed\n",
    ),
    "rounded from nothing": (
        "claims",
        CLAIM + f"{ONE_CLAIM},some,,,1000,,web,confirmed\n",
    ),
    "rounded to no number": (
        "claims",
        CLAIM + f"{ONE_CLAIM},£1,1,,1k,,web,confirmed\n",
    ),
    "rounded to nothing": ("claims", CLAIM + f"{ONE_CLAIM},£1,1,,0,,web,confirmed\n"),
    "unknown status": ("claims", CLAIM + f"{ONE_CLAIM},£1,1,,,,web,certain\n"),
    "claim told twice": (
        "claims",
        CLAIM
        + f"{ONE_CLAIM},£1,1,,,,web,confirmed\n{ONE_CLAIM},£2,2,,,,web,confirmed\n",
    ),
    # All at once.
    "several rows": (
        "bodies",
        BODY + ",,One,1/4/2013,\n" + ONE_BODY + "X02,,,,\nX01,,Uno,2013-04-01,\n",
    ),
    # A balance.
    "no account of a premium": (
        "balances",
        BALANCE + f"X01,2013-14,cash,{ONE_DAY},1,bank\n",
    ),
    "account without its name": (
        "balances",
        BALANCE + f"X01,2013-14,group:spent:a,{ONE_DAY},1,bank\n",
    ),
    "balance missing": (
        "balances",
        BALANCE + f"X01,2013-14,group:held,{ONE_DAY},,bank\n",
    ),
    "balance below zero": (
        "balances",
        BALANCE + f"X01,2013-14,group:held,{ONE_DAY},-12.50,bank\n",
    ),
    "balance finer than a penny": (
        "balances",
        BALANCE + f"X01,2013-14,group:held,{ONE_DAY},1.005,bank\n",
    ),
    "balance said by nobody known": (
        "balances",
        BALANCE + f"X01,2013-14,group:held,{ONE_DAY},1,auditor\n",
    ),
    "two balances of one day": (
        "balances",
        BALANCE
        + f"X01,2013-14,group:held,{ONE_DAY},1,bank\n"
        + f"X01,2013-14,group:held,{ONE_DAY},2,bank\n",
    ),
}
