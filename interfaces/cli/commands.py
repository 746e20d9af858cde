"""The words of the program, by what one wants to do, the commonest first.

`premium A B` is the function `B` of `interfaces/cli/<area>/a.py`, and `premium A` is
the function `a` of that module; names that Python has itself end in an underscore.
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
    """The verbs of a subject, in the order of its help; empty for a command."""

    def commands(self) -> Iterator[tuple[str, str]]:
        """Each name a command bears in its room, and the function that it is."""
        module = f"interfaces.cli.{self.area}.{python_name(self.name)}"
        for verb in self.verbs.split() or (self.name,):
            words = f"{self.name} {verb}" if self.verbs else verb
            if words in GIVEN:
                yield verb, f"interfaces.cli.command_words:{words}"
            else:
                yield verb, f"{module}:{python_name(verb)}"


class Given(NamedTuple):
    """A word that is one command: its fields are the word's arguments and options."""

    command: str
    arguments: tuple[str, ...]
    """The fields that are given by their place; the others are options."""
    defaults: tuple[tuple[str, str], ...] = ()
    """Options that may be left out, although the command needs them."""


def python_name(word: str) -> str:
    """What a word is called in Python."""
    name = word.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) or hasattr(builtins, name) else name


GROUPS: dict[str, tuple[Word, ...]] = {
    "Set up": (
        Word(
            "init",
            "operations",
            "Begin a ledger: real or simulated, as a whole and for good.",
        ),
        Word(
            "rulebook",
            "evidence",
            "The rules of a scheme year.",
            "list show publish check diff timeline",
        ),
        Word(
            "account",
            "premium",
            "One body's premium for one scheme year.",
            "open show terms rebase-target correct-population",
        ),
    ),
    "Evidence": (
        Word(
            "import",
            "evidence",
            "Record a CSV file: all of its rows, or none and everything wrong with "
            "them.",
        ),
        Word("result", "evidence", "What was measured.", "correct attribute"),
        Word(
            "measure",
            "questions",
            "Hold a measure of every group against its test; nearest misses first.",
        ),
        Word(
            "claims",
            "questions",
            "Hold every published figure against what is recorded; nothing is forced.",
        ),
    ),
    "Decide": (
        Word(
            "assess",
            "premium",
            "Judge measures, standards and gates on the results recorded.",
        ),
        Word(
            "award",
            "premium",
            "What a body is awarded.",
            "propose confirm refuse show",
        ),
        Word(
            "withhold",
            "premium",
            "What is kept back by decision.",
            "propose decide refuse vary release",
        ),
        Word(
            "represent",
            "premium",
            "What a body says against a decision.",
            "make decide",
        ),
    ),
    "Pay": (
        Word(
            "disburse",
            "money",
            "Money from payer to body.",
            "request approve refuse pay list withdraw expire return",
        ),
        Word(
            "payment-run",
            "money",
            "Many requests paid under one approval.",
            "propose exclude approve export confirm close",
        ),
        Word("receipt", "money", "What a body says of a payment.", "confirm dispute"),
        Word(
            "recover",
            "money",
            "What a body has beyond its award.",
            "order receive set-off",
        ),
    ),
    "Spend": (
        Word("spend", "money", "What a body spent.", "record correct pass-on"),
        Word("unspent", "money", "What a body did not spend.", "declare lapse"),
    ),
    "Ask": (
        Word(
            "balances",
            "questions",
            "Show what stands in each account, of one premium, one year or all.",
        ),
        Word(
            "totals",
            "questions",
            "Show what stands in each line of a scheme year, of all bodies together.",
        ),
        Word("trail", "questions", "Tell an account's story, cause before effect."),
        Word(
            "explain",
            "questions",
            "Explain an award line by line; with --claim, what fits a published "
            "figure.",
        ),
        Word(
            "trace",
            "questions",
            "Trace pence back to receipts, awards, results and documents; or to their "
            "use.",
        ),
        Word(
            "diff",
            "questions",
            "Show what changed between two known points in balances and awards, and "
            "by what.",
        ),
        Word(
            "compare",
            "questions",
            "Compare an award with what it would be under other rules, or other "
            "results.",
        ),
        Word(
            "impact",
            "questions",
            "Show what one changed result would move, before it is recorded.",
        ),
    ),
    "Check": (
        Word(
            "verify",
            "operations",
            "Check every record, command, text, sum, decision and view; say what "
            "differs.",
        ),
        Word(
            "status",
            "operations",
            "Say how far views, relay and consumers are behind, and what is parked.",
        ),
        Word(
            "doctor",
            "operations",
            "Look at settings, ledger, views, clock and disk; say what to do where "
            "wrong.",
        ),
        Word(
            "replay",
            "questions",
            "Decide every decision again from exactly the records and rules it cites.",
        ),
        Word(
            "reconcile",
            "money",
            "Files of others beside what is recorded.",
            "spending payments",
        ),
        Word(
            "assertions",
            "questions",
            "Hold every asserted balance against the ledger, of one account, a year "
            "or all.",
        ),
        Word(
            "assert-balance",
            "money",
            "Record what a bank or another ledger says stood in an account.",
        ),
        Word("period", "money", "The books.", "close"),
    ),
    "Publish": (
        Word("export", "operations", "Files for other programs.", "journal log"),
        Word(
            "topics",
            "feed",
            "Make the topics that are missing, and say how each is kept.",
        ),
        Word(
            "relay",
            "feed",
            "Send every public record to the topics, each once and in order, until "
            "stopped.",
        ),
        Word(
            "consume",
            "feed",
            "Take events from the topics into a database or files, until stopped.",
        ),
        Word(
            "parked",
            "feed",
            "What a consumer set aside for people.",
            "list replay discard",
        ),
        Word("schemas", "operations", "Formats for machines.", "commands events"),
    ),
    "Run": (
        Word(
            "run",
            "operations",
            "Give commands as NDJSON, one a line, and answer each with one line.",
        ),
        Word(
            "follow",
            "operations",
            "Keep the views at the head of the log until stopped (SIGTERM, or Ctrl-C).",
        ),
        Word(
            "rebuild",
            "operations",
            "Make the views again from the log, and swap them in.",
        ),
        Word(
            "backup",
            "operations",
            "Copy the ledger into a new file while it is in use.",
        ),
        Word(
            "restore",
            "operations",
            "Make a new ledger, named by --db, from a file that `backup` wrote.",
        ),
        Word(
            "migrate",
            "operations",
            "Make the tables of a PostgreSQL ledger, or bring them to this program's "
            "form.",
        ),
        Word(
            "simulate",
            "operations",
            "Write the commands of invented groups' years, as NDJSON for `premium "
            "run`.",
        ),
        Word("help", "operations", "Show the help of the words that follow."),
        Word(
            "completion",
            "operations",
            "Print a script that completes words and options in your shell.",
        ),
    ),
}
"""What one wants to do -> its words."""

WORDS = {word.name: word for words in GROUPS.values() for word in words}

GIVEN = {
    "account open": Given("open-account", ("account",)),
    "account rebase-target": Given("rebase-target", ("account", "clause", "target")),
    "account correct-population": Given("correct-population", ("account",)),
    "award refuse": Given("refuse-award", ("account",)),
    "withhold decide": Given("decide-withholding", ("account", "withholding")),
    "withhold refuse": Given("refuse-withholding", ("account", "withholding")),
    "withhold vary": Given("vary-withholding", ("account", "withholding", "amount")),
    "withhold release": Given("release-withholding", ("account", "withholding")),
    "represent decide": Given("decide-representation", ("account", "representation")),
    "disburse request": Given(
        "request-disbursement", ("account", "disbursement", "amount")
    ),
    "disburse approve": Given("approve-disbursement", ("account", "disbursement")),
    "disburse refuse": Given("refuse-disbursement", ("account", "disbursement")),
    "disburse pay": Given(
        "pay-disbursement",
        ("account", "disbursement"),
        (("kind", "allocation-adjustment"),),
    ),
    "disburse withdraw": Given("withdraw-disbursement", ("account", "disbursement")),
    "disburse expire": Given("expire-disbursement", ("account", "disbursement")),
    "disburse return": Given("return-disbursement", ("account", "disbursement")),
    "receipt confirm": Given("confirm-receipt", ("account", "receipt")),
    "receipt dispute": Given("dispute-receipt", ("account", "receipt")),
    "recover order": Given("order-recovery", ("account", "recovery", "amount")),
    "recover receive": Given(
        "receive-recovery", ("account", "recovery", "payment", "amount")
    ),
    "spend record": Given("record-spending", ("account", "spending", "amount")),
    "spend correct": Given("correct-spending", ("account", "spending", "amount")),
    "spend pass-on": Given("pass-on", ("account", "spending", "amount")),
    "unspent declare": Given("declare-unspent", ("account", "amount")),
    "unspent lapse": Given("lapse", ("account", "lapse", "amount")),
    "period close": Given("close-period", ("through",)),
    "assert-balance": Given("assert-balance", ("account", "of", "amount")),
}
"""Words that are one command each -> that command."""
