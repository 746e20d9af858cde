"""The job `inbound`: results and payments that arrive on topics become commands.

A message is known by its source and id: its command has an id that follows from them,
so the ledger answers a second arrival with what it answered first. Everything a
message leads to is answered on the topic of replies, and the offsets are saved after
that (consumers/inbound/replies.py). A refusal is an answer: the message is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NoReturn

from consumers.inbound.messages import PaymentMade, Sent, claimed, command_id, read
from consumers.inbound.replies import Answers, Sender
from consumers.job import Job
from consumers.loop import Item, Message, UnreadableMessage
from ledger.decisions.disbursements.requests import NoSuchDisbursement, PayDisbursement
from ledger.decisions.every import HANDLES
from ledger.decisions.evidence import CorrectResult, RecordResult
from ledger.decisions.roles import RoleMayNot
from ledger.events import AccountId
from ledger.intake.requests import misformed
from ledger.money import Pence, pounds
from ledger.premium.evolve import folded
from ledger.recorded import account_stream
from ledger.request import By, Malformed, Refused, Request
from ledger.service import Ledger
from ledger.values import Fault, value
from projections.feed.events.log import source as opened_as
from projections.feed.topics import CONFIRMATIONS, RESULTS
from projections.views.view import Database

COMMANDS = (RecordResult, CorrectResult, PayDisbursement)


class NotAllowed(Exception):
    """The role that was given may not give these commands; nothing was read."""


@value
class PaidOtherwise:
    """Another amount was paid than was asked for. Nothing is recorded of it."""

    NAME: ClassVar[str] = "paid-otherwise"

    disbursement: str
    paid_pence: Pence
    asked_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.paid_pence)} was paid for {self.disbursement} and "
            f"{pounds(self.asked_pence)} was asked for: look which is right"
        )


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that was read."""

    message: Message
    sent: Sent[Any]


def _not_bound(*given: object) -> NoReturn:
    raise AssertionError("the job has no ledger: take it from `job`")


JOB = Job(
    name="inbound",
    about="results and payments that arrive become commands",
    version=1,
    tables=(),
    take=_not_bound,
    topics=(RESULTS, CONFIRMATIONS),
    read=_not_bound,
)
"""What the job is before it has a ledger: enough to look at what it parked."""


def job(ledger: Ledger, replies: Sender, by: By) -> Job:
    """The job that gives commands to a ledger.

    Args:
        by: The service, as the ledger knows it. It is part of what was asked: under
            another party, a message that comes again is refused, not repeated.

    Raises:
        NotAllowed: If the role may not give these commands.
        OtherLedger: If the ledger is not opened yet.
    """
    for command in COMMANDS:
        allowed = HANDLES[command.NAME].by
        if by.role not in allowed:
            no = RoleMayNot(role=by.role, command=command.NAME, allowed=allowed)
            raise NotAllowed(f"{no}: give --as, such as {allowed[0]}:inbound-service")
    source, opened = opened_as(ledger)
    inbound = _Inbound(ledger, replies, by, Answers(source, opened.origin))
    return replace(JOB, take=inbound.take, read=inbound.read)


class _Inbound:
    def __init__(
        self, ledger: Ledger, replies: Sender, by: By, answers: Answers
    ) -> None:
        self._ledger = ledger
        self._replies = replies
        self._by = by
        self._answers = answers

    def read(self, message: Message) -> Item:
        """A message of the contract; another one is answered before it parks."""
        try:
            sent = read(message.value, message.topic)
            self._check(message, sent)
            if faults := misformed(sent.data.command()):
                raise Malformed(faults)
        except Malformed as malformed:
            fields = claimed(message.value)
            reply = self._answers.unreadable(message, fields, malformed.faults)
            self._replies.send(message.key, reply)
            self._replies.flush()
            raise UnreadableMessage(_sentence(malformed)) from None
        return Item(Arrived(message, sent))

    def _check(self, message: Message, sent: Sent[Any]) -> None:
        key = sent.data.key()
        if message.waits_for != key:
            remedy = f"the message's key must be {key}: messages of a key keep order"
            raise Malformed(
                (Fault(field="key", value=message.waits_for, remedy=remedy),)
            )

    def take(self, db: Database, arrived: Sequence[Arrived]) -> None:
        """Give the commands of a batch, and answer each.

        Killed after the ledger has them, they come again and are `Repeated`; killed
        after the replies, those are sent again with the same ids.

        Raises:
            Unavailable: From the ledger; KafkaError: nothing is saved, and the whole
                batch comes again.
        """
        asked = [self._asked(one) for one in arrived]
        requests = [one for one in asked if isinstance(one, Request)]
        outcomes = iter(self._ledger.give_each(requests))
        for one, request in zip(arrived, asked, strict=True):
            outcome = next(outcomes) if isinstance(request, Request) else request
            sent = (one.sent.source, one.sent.id)
            reply = self._answers.answer(one.message, sent, outcome)
            self._replies.send(one.message.key, reply)
        self._replies.flush()

    def _asked(self, one: Arrived) -> Request | Refused:
        """The request of a message; or why nothing is asked of the ledger."""
        sent = one.sent
        id = command_id(sent.source, sent.id)
        is_ours = sent.origin in (None, self._answers.origin)
        if is_ours and isinstance(sent.data, PaymentMade):
            refusal = self._differs(sent.data)
            if refusal is not None:
                return Refused(id=id, refusal=refusal)
        return Request(
            id=id,
            by=self._by,
            command=sent.data.command(),
            effective_on=sent.data.effective_on,
            correlation_id=sent.id,
            causation_id=f"{sent.source}#{sent.id}",
            origin=sent.origin,
        )

    def _differs(self, paid: PaymentMade) -> NoSuchDisbursement | PaidOtherwise | None:
        """Why a payment cannot be that of the request it names.

        The ledger's command has no amount. One that was asked for never changes; and
        if nothing was, there is nothing to compare, even if it is asked for meanwhile.
        """
        records = self._ledger.stream(account_stream(paid.account))
        state = folded(AccountId(paid.account), records)
        request = state.disbursements.get(paid.disbursement)
        if request is None:
            return NoSuchDisbursement(disbursement=paid.disbursement)
        if request.fact.amount_pence == paid.amount_pence:
            return None
        return PaidOtherwise(
            disbursement=paid.disbursement,
            paid_pence=paid.amount_pence,
            asked_pence=request.fact.amount_pence,
        )


def _sentence(malformed: Malformed) -> str:
    return "; ".join(
        f"{one.field or 'the message'} {one.value}: {one.remedy}"
        for one in malformed.faults
    )
