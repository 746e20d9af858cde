"""The words of the program, by what one wants to do, the commonest first.

`premium A B` is the function `B` of `interfaces/cli/<area>/a.py`, and `premium A` is
the function `a` of that module; names that Python has itself end in an underscore. A
word that only gives one command, such as `withhold release`, is a line of `GIVEN` here.
"""

import builtins
import keyword
from collections.abc import Iterator
from typing import NamedTuple


class Word(NamedTuple):
    """A word that stands behind `premium`: a command, or a subject with verbs."""

    name: str
    area: str
    """The folder of its module."""
    about: str
    """One sentence of help; of a command, the first line of its docstring."""
    verbs: str = ""
    """The verbs of a subject, in the order of its help; empty for a command. A subject
    that is a command itself has its own name among them."""

    def commands(self) -> Iterator[tuple[str, str]]:
        """Each name a command bears in its room, and the function that it is."""
        module = f"interfaces.cli.{self.area}.{python_name(self.name)}"
        for verb in self.verbs.split() or (self.name,):
            words = self.words(verb)
            if words in GIVEN:
                yield verb, f"interfaces.cli.command_words:{words}"
            else:
                yield verb, f"{module}:{python_name(verb)}"

    def words(self, verb: str) -> str:
        """What one says behind `premium` for a verb, or for the word itself."""
        return self.name if verb == self.name else f"{self.name} {verb}"


class Given(NamedTuple):
    """A word that is one command: its fields are the word's arguments and options."""

    command: str
    placed: str
    """The fields that are given by their place, in order; the others are options."""
    defaults: tuple[tuple[str, str], ...] = ()
    """Options that may be left out, although the command needs them."""
    either: tuple[str, str] | tuple[()] = ()
    """Two options of which one may be given."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The fields that are given by their place."""
        return tuple(self.placed.split())


def python_name(word: str) -> str:
    """What a word is called in Python."""
    name = word.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) or hasattr(builtins, name) else name


_WORDS: dict[str, dict[str, str]] = {
    "Set up": {
        "operations init": "Begin a ledger: real or simulated, as a whole and for "
        "good.",
        "evidence rulebook": "The rules of a scheme year.",
        "premium account": "One body's premium for one scheme year.",
    },
    "Evidence": {
        "evidence import": "Record a CSV file: all of its rows, or none and everything "
        "wrong with them.",
        "evidence party": "A person or organisation.",
        "evidence result": "What was measured.",
        "questions measure": "Hold a measure of every group against its test; nearest "
        "misses first.",
        "questions claims": "Hold every published figure against what is recorded; "
        "nothing is forced.",
    },
    "Decide": {
        "premium assess": "Judge measures, standards and gates on the results "
        "recorded.",
        "premium award": "What a body is awarded.",
        "premium withhold": "What is kept back by decision.",
        "premium represent": "What a body says against a decision.",
    },
    "Pay": {
        "money disburse": "Money from payer to body.",
        "money payment-run": "Many requests paid under one approval.",
        "money receipt": "What a body says of a payment.",
        "money recover": "What a body has beyond its award.",
    },
    "Spend": {
        "money spend": "What a body spent.",
        "money unspent": "What a body did not spend.",
    },
    "Ask": {
        "questions show": "Show whatever bears an id: its fields, what caused it and "
        "what it caused.",
        "questions list": "List what there is of one kind: accounts, payments, "
        "withholdings, people ...",
        "questions waiting": "List what waits for somebody: since when, for which "
        "role, and who may not.",
        "questions balances": "Show what stands in each account, of one premium, one "
        "year or all.",
        "questions totals": "Show what stands in each line of a scheme year, of all "
        "bodies together.",
        "questions trail": "Tell an account's story, cause before effect.",
        "questions explain": "Explain an award line by line; with --claim, what fits a "
        "published figure.",
        "questions trace": "Trace pence back to receipts, awards, results and "
        "documents; or to their use.",
        "questions diff": "Show what changed between two points in balances and "
        "awards, by what, and why.",
        "questions compare": "Compare an award with what it would be under other "
        "rules, or other results.",
        "questions impact": "Show what one changed result would move, before it is "
        "recorded.",
    },
    "Check": {
        "operations verify": "Check every record, command, text, sum, decision and "
        "view; say what differs.",
        "operations status": "Say how far views, relay and consumers are behind, and "
        "what is parked.",
        "operations doctor": "Look at settings, ledger, views, clock and disk; say "
        "what to do where wrong.",
        "questions replay": "Decide every decision again from exactly the records and "
        "rules it cites.",
        "money reconcile": "Files of others beside what is recorded.",
        "questions assertions": "Hold every asserted balance against the ledger, of "
        "one account, a year or all.",
        "money assert-balance": "Record what a bank or another ledger says stood in an "
        "account.",
        "money period": "The books.",
        "money certificate": "Show a body's money in a payment year, from the bank's "
        "figures to the ledger's.",
    },
    "Publish": {
        "operations export": "Files for other programs.",
        "feed topics": "Make the topics that are missing, and say how the broker keeps "
        "each.",
        "feed relay": "Send every public record to the topics, each once and in order, "
        "until stopped.",
        "feed consume": "Take events from the topics into a database or files, until "
        "stopped.",
        "feed parked": "What a consumer set aside for people.",
        "operations schemas": "Formats for machines.",
    },
    "Run": {
        "operations run": "Give commands as NDJSON, one a line, and answer each with "
        "one line.",
        "operations follow": "Keep the views at the head of the log until stopped "
        "(SIGTERM, or Ctrl-C).",
        "operations rebuild": "Make the views again from the log, and swap them in.",
        "operations backup": "Copy the ledger into a new file while it is in use.",
        "operations restore": "Make a new ledger, named by --db, from a file that "
        "`backup` wrote.",
        "operations migrate": "Make the tables of a PostgreSQL ledger, or bring them "
        "to this program's form.",
        "operations simulate": "Write the commands of invented groups' years, as "
        "NDJSON for `premium run`.",
        "operations help": "Show the help of the words that follow.",
        "operations completion": "Print a script that completes words and options in "
        "your shell.",
    },
}
"""What one wants to do -> area and name of each word -> one sentence of its help."""

_VERBS = {
    "rulebook": "list show publish check diff timeline terms-template",
    "account": "open show terms agreed rebase-target correct-population",
    "party": "register",
    "result": "correct attribute",
    "award": "propose confirm refuse show",
    "withhold": "propose decide refuse vary release propose-more decide-more "
    "refuse-more",
    "represent": "make decide",
    "disburse": "request approve refuse pay list withdraw expire return",
    "payment-run": "propose exclude approve export confirm close",
    "receipt": "confirm dispute",
    "recover": "propose order refuse receive set-off",
    "spend": "record correct credit pass-on correct-passed-on credit-passed-on",
    "unspent": "declare propose-lapse lapse refuse-lapse",
    "reconcile": "spending payments",
    "period": "close show",
    "certificate": "certificate prepare approve",
    "export": "journal log reporting",
    "parked": "list replay discard",
    "schemas": "commands events",
}
"""The verbs of a subject, in the order of its help."""

GROUPS = {
    heading: tuple(
        Word(name, area, about, _VERBS.get(name, ""))
        for where, about in words.items()
        for area, name in [where.split()]
    )
    for heading, words in _WORDS.items()
}
"""What one wants to do -> its words."""

WORDS = {word.name: word for words in GROUPS.values() for word in words}

GIVEN = {
    "account open": Given("open-account", "account"),
    "account rebase-target": Given("rebase-target", "account clause target"),
    "account correct-population": Given("correct-population", "account"),
    "party register": Given("register-party", "party"),
    "award refuse": Given("refuse-award", "account"),
    "withhold propose": Given(
        "propose-withholding", "account withholding", either=("share", "amount")
    ),
    "withhold decide": Given("decide-withholding", "account withholding"),
    "withhold refuse": Given("refuse-withholding", "account withholding"),
    "withhold vary": Given("vary-withholding", "account withholding amount"),
    "withhold propose-more": Given("propose-variation", "account withholding amount"),
    "withhold decide-more": Given("decide-variation", "account withholding"),
    "withhold refuse-more": Given("refuse-variation", "account withholding"),
    "withhold release": Given("release-withholding", "account withholding"),
    "represent decide": Given("decide-representation", "account representation"),
    "disburse request": Given("request-disbursement", "account disbursement amount"),
    "disburse approve": Given("approve-disbursement", "account disbursement"),
    "disburse refuse": Given("refuse-disbursement", "account disbursement"),
    "disburse pay": Given(
        "pay-disbursement", "account disbursement", (("kind", "allocation-adjustment"),)
    ),
    "disburse withdraw": Given("withdraw-disbursement", "account disbursement"),
    "disburse expire": Given("expire-disbursement", "account disbursement"),
    "disburse return": Given("return-disbursement", "account disbursement"),
    "receipt confirm": Given("confirm-receipt", "account receipt"),
    "receipt dispute": Given("dispute-receipt", "account receipt"),
    "recover propose": Given("propose-recovery", "account recovery amount"),
    "recover order": Given("order-recovery", "account recovery"),
    "recover refuse": Given("refuse-recovery", "account recovery"),
    "recover receive": Given("receive-recovery", "account recovery payment amount"),
    "spend record": Given("record-spending", "account spending amount"),
    "spend correct": Given("correct-spending", "account spending amount"),
    "spend credit": Given("credit-spending", "account spending credit amount"),
    "spend correct-passed-on": Given("correct-passed-on", "account spending amount"),
    "spend credit-passed-on": Given(
        "credit-passed-on", "account spending credit amount"
    ),
    "spend pass-on": Given("pass-on", "account spending amount"),
    "unspent declare": Given("declare-unspent", "account amount"),
    "unspent propose-lapse": Given("propose-lapse", "account lapse amount"),
    "unspent lapse": Given("lapse", "account lapse"),
    "unspent refuse-lapse": Given("refuse-lapse", "account lapse"),
    "period close": Given("close-period", "through"),
    "certificate approve": Given("approve-certificate", "body"),
    "assert-balance": Given("assert-balance", "account of amount"),
}
"""Words that are one command each -> that command."""
