"""360Giving files: what the payer paid to bodies, and what these passed on.

One a scheme year. A premium moves inside the NHS and is not a grant to a charity;
every entry says so.

Source: 360Giving Data Standard 1.4 (standard.threesixtygiving.org).
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from consumers.open_files.naming import (
    LICENCE,
    PAYER,
    PAYER_ID,
    Naming,
    entity,
    organisation,
    slug,
)
from consumers.results.folder import About, Files, Revision
from ledger.calendar import both_years
from projections.views.view import Database

FOLDER = "360giving"
LONGEST_TITLE = 139  # Characters: "under 140".

_PAYMENTS = """
SELECT disbursement, payments.body, name, amount_pence, approved_on, paid_on,
    reference, kind, recorded_at
FROM payments LEFT JOIN bodies ON bodies.body = payments.body
WHERE scheme = ? AND scheme_year = ? AND state = 'paid'
ORDER BY payments.body, disbursement
"""
_PASSED_ON = """
SELECT spending, spendings.body, bodies.name, payee, payees.body, payees.name,
    (SELECT CAST(SUM(amount_pence) AS BIGINT) FROM spendings AS parts
        WHERE parts.premium = spendings.premium
        AND parts.spending = spendings.spending) AS net_pence,
    spent_on, reference, recorded_at
FROM spendings
LEFT JOIN bodies ON bodies.body = spendings.body
LEFT JOIN bodies AS payees ON payees.body = spendings.payee
WHERE scheme = ? AND scheme_year = ? AND kind = 'passed-on' AND credit = ''
    AND amount_pence > 0
ORDER BY spendings.body, spending
"""
_TOLD = (
    "SELECT scheme, scheme_year, SUM(position) FROM payments "
    "GROUP BY scheme, scheme_year",
    "SELECT scheme, scheme_year, SUM(position) FROM spendings "
    "WHERE kind = 'passed-on' GROUP BY scheme, scheme_year",
)
_CALLED = (
    "SELECT scheme, scheme_year, SUM(bodies.position) FROM payments "
    "JOIN bodies ON bodies.body = payments.body GROUP BY scheme, scheme_year",
    "SELECT scheme, scheme_year, SUM(bodies.position) FROM spendings "
    "JOIN bodies ON bodies.body = spendings.body OR bodies.body = spendings.payee "
    "WHERE kind = 'passed-on' GROUP BY scheme, scheme_year",
)
_HOW = {
    "allocation-adjustment": "paid by adjusting its allocation",
    "cash": "paid in cash",
}


class Payment(NamedTuple):
    """A payment to a body, as it was selected."""

    disbursement: str
    body: str
    name: str | None
    pence: int
    approved_on: str | None
    paid_on: str
    reference: str
    kind: str
    recorded_at: str


class PassedOn(NamedTuple):
    """Money that a body passed on, as it was selected."""

    spending: str
    body: str
    name: str | None
    payee: str
    registered: str | None  # Its code, where it is a registered body.
    payee_name: str | None
    pence: int  # Less what was credited.
    spent_on: str
    reference: str | None
    recorded_at: str


class GrantsFile(NamedTuple):
    """What all entries of a file share."""

    ledger: About
    naming: Naming
    scheme: str
    scheme_year: str

    @property
    def years(self) -> str:
        """For people: `Quality premium 2013/14, paid in 2014/15`."""
        scheme = self.scheme.replace("-", " ").capitalize()
        return f"{scheme} {both_years(self.scheme_year)}"

    def id(self, *parts: str) -> str:
        """An id that no other entry has."""
        all_parts = (self.scheme, self.scheme_year, *parts)
        return f"{self.ledger.mark}{self.naming.prefix}-{'-'.join(all_parts)}"


def write(db: Database, files: Files, ledger: About, naming: Naming) -> None:
    """Write the scheme years that are behind."""
    # As in spending.py: what is read behind the revisions may only be newer.
    for (scheme, scheme_year), revision in _revisions(db).items():
        what = f"{FOLDER}/{scheme}/{scheme_year}"
        if not files.is_behind(what, revision):
            continue
        file = GrantsFile(ledger, naming, scheme, scheme_year)
        grants = [
            _payment(file, Payment(*row))
            for row in db.execute(_PAYMENTS, (scheme, scheme_year))
        ] + [
            _passed_on(file, PassedOn(*row))
            for row in db.execute(_PASSED_ON, (scheme, scheme_year))
        ]
        path = path_of(ledger, scheme, scheme_year)
        if grants:
            files.write(path, text(file, grants))
        else:
            files.remove(path)  # The standard knows no file without an entry.
        files.reached(what, revision)


def _revisions(db: Database) -> dict[tuple[str, str], Revision]:
    told: Counter[tuple[str, str]] = Counter()
    called: Counter[tuple[str, str]] = Counter()
    for queries, sums in ((_TOLD, told), (_CALLED, called)):
        for query in queries:
            for scheme, scheme_year, positions in db.execute(query):
                sums[scheme, scheme_year] += positions
    return {which: (told[which], called[which]) for which in sorted(told)}


def path_of(ledger: About, scheme: str, scheme_year: str) -> str:
    """Where a scheme year's entries lie in the folder."""
    return f"{FOLDER}/{ledger.mark}{FOLDER}-{slug(scheme)}-{slug(scheme_year)}.json"


def _payer(ledger: About) -> dict[str, str]:
    if ledger.origin == "simulated":
        return {"id": "SIMULATED-payer", "name": f"SIMULATED: {PAYER}"}
    return {"id": PAYER_ID, "name": PAYER}


def text(file: GrantsFile, grants: list[dict[str, Any]]) -> bytes:
    """A 360Giving package.

    Amounts are pence in it until here, and become exact pounds as text: no float
    comes near them. A quote mark inside of a name is escaped, so what the pattern
    finds is a field's.
    """
    payer = _payer(file.ledger)
    document = {
        "version": "1.4",
        "title": f"{file.ledger.mark}{file.years}",
        "description": (
            "What the payer paid to bodies, and what these passed on. Premiums move "
            "inside the NHS: none of this is a grant to a charity unless it was passed "
            "on to one. Payments that came back are left out."
        ),
        "identifier": file.id("file"),
        "publisher": {"identifier": payer["id"], "name": payer["name"]},
        "license": LICENCE,
        "grants": grants,
    }
    written = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    return _PENCE.sub(_in_pounds, written).encode()


_PENCE = re.compile(r'("(?:amountAwarded|amountDisbursed|value)": )(\d+)')


def _in_pounds(found: re.Match[str]) -> str:
    pence = int(found[2])
    return f"{found[1]}{pence // 100}.{pence % 100:02d}"


def _payment(file: GrantsFile, paid: Payment) -> dict[str, Any]:
    called = entity(file.ledger, paid.body, paid.name)
    payer, recipient = _payer(file.ledger), organisation(file.ledger, paid.body)
    how = _HOW.get(paid.kind, f"paid by {paid.kind}")
    return {
        "id": file.id(paid.body, "paid", paid.disbursement),
        "title": f"{file.years}: {called}"[:LONGEST_TITLE],
        "description": f"Premium of {called}, {how}: a payment inside the NHS.",
        **_money(paid.pence, paid.approved_on or paid.paid_on, paid.recorded_at),
        "fundingOrganization": [payer],
        "recipientOrganization": [{"id": recipient, "name": called}],
        **_programme(file),
        "disbursementTransaction": [
            {
                "id": paid.reference,
                "transactionDate": paid.paid_on,
                "currency": "GBP",
                "value": paid.pence,
                "provider": payer["id"],
                "recipient": recipient,
            }
        ],
    }


def _passed_on(file: GrantsFile, passed: PassedOn) -> dict[str, Any]:
    called = entity(file.ledger, passed.body, passed.name)
    to = entity(file.ledger, file.naming.payee(passed.payee, passed.payee_name), None)
    if passed.registered is None:
        recipient = file.id("payee", passed.payee)
    else:
        recipient = organisation(file.ledger, passed.payee)
    number = passed.reference or f"{file.scheme_year}/{passed.spending}"
    return {
        "id": file.id(passed.body, "passed-on", passed.spending),
        "title": f"{file.years}, passed on: {to}"[:LONGEST_TITLE],
        "description": f"{called} passed this on to {to}, which spends it.",
        **_money(passed.pence, passed.spent_on, passed.recorded_at),
        "fundingOrganization": [
            {"id": organisation(file.ledger, passed.body), "name": called}
        ],
        "recipientOrganization": [{"id": recipient, "name": to}],
        **_programme(file),
        "disbursementTransaction": [
            {
                "id": number,
                "transactionDate": passed.spent_on,
                "currency": "GBP",
                "value": passed.pence,
            }
        ],
    }


def _money(pence: int, on: str, at: str) -> dict[str, Any]:
    return {
        "currency": "GBP",
        "amountAwarded": pence,
        "amountDisbursed": pence,
        "awardDate": on,
        "dateModified": at,
    }


def _programme(file: GrantsFile) -> Mapping[str, Any]:
    code = f"{file.scheme}/{file.scheme_year}"
    return {"grantProgramme": [{"code": code, "title": file.years}]}
