"""The commands of the program by subject, in the order of its help."""

SUBJECTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "",
        "",
        (
            ("init", "evidence.import_:init"),
            ("import", "evidence.import_:import_"),
            ("assess", "premium.account:assess"),
            ("balances", "questions.balances:balances"),
            ("trail", "questions.balances:trail"),
            ("explain", "questions.explain:explain"),
            ("trace", "questions.trace:trace"),
            ("totals", "questions.totals:totals"),
            ("diff", "questions.diff:diff"),
            ("measure", "questions.measure:measure"),
            ("claims", "questions.claims:claims"),
            ("replay", "questions.replay:replay"),
            ("compare", "questions.compare:compare"),
            ("impact", "questions.impact:impact"),
            ("assert-balance", "money.period:assert_balance"),
            ("assertions", "questions.assertions:assertions"),
            ("verify", "operations.verify:verify"),
            ("follow", "operations.follow:follow"),
            ("topics", "feed.relay:topics"),
            ("relay", "feed.relay:relay"),
            ("consume", "feed.consume:consume"),
            ("status", "operations.status:status"),
            ("rebuild", "operations.verify:rebuild"),
            ("doctor", "operations.doctor:doctor"),
            ("backup", "operations.copies:backup"),
            ("restore", "operations.copies:restore"),
            ("migrate", "operations.migrate:migrate"),
            ("run", "operations.run:run"),
            ("simulate", "operations.simulate:simulate"),
        ),
    ),
    (
        "rulebook",
        "The rules of a scheme year.",
        (
            ("list", "evidence.rulebook:list_"),
            ("show", "evidence.rulebook:show"),
            ("publish", "evidence.rulebook:publish"),
            ("check", "evidence.rulebook_checks:check"),
            ("diff", "evidence.rulebook_checks:diff"),
            ("timeline", "evidence.rulebook_checks:timeline"),
        ),
    ),
    (
        "account",
        "One body's premium for one scheme year.",
        (
            ("open", "premium.account:open_"),
            ("show", "premium.account:show"),
            ("terms", "premium.account:terms"),
            ("rebase-target", "premium.account_terms:rebase_target"),
            ("correct-population", "premium.account_terms:correct_population"),
        ),
    ),
    (
        "award",
        "What a body is awarded.",
        (
            ("propose", "premium.award:propose"),
            ("confirm", "premium.award:confirm"),
            ("refuse", "premium.award:refuse"),
            ("show", "premium.award:show"),
        ),
    ),
    (
        "withhold",
        "What is kept back by decision.",
        (
            ("propose", "premium.withhold:propose"),
            ("decide", "premium.withhold:decide"),
            ("refuse", "premium.withhold:refuse"),
            ("vary", "premium.withhold:vary"),
            ("release", "premium.withhold:release"),
        ),
    ),
    (
        "represent",
        "What a body says against a decision.",
        (("make", "premium.represent:make"), ("decide", "premium.represent:decide")),
    ),
    (
        "disburse",
        "Money from payer to body.",
        (
            ("request", "money.disburse:request"),
            ("approve", "money.disburse:approve"),
            ("refuse", "money.disburse:refuse"),
            ("pay", "money.disburse:pay"),
            ("list", "questions.totals:payments"),
            ("withdraw", "money.disburse_endings:withdraw"),
            ("expire", "money.disburse_endings:expire"),
            ("return", "money.disburse_endings:return_"),
        ),
    ),
    (
        "run-payments",
        "Many requests paid under one approval.",
        (
            ("propose", "money.run_payments:propose"),
            ("exclude", "money.run_payments:exclude"),
            ("approve", "money.run_payments:approve"),
            ("export", "money.run_payments:export"),
            ("confirm", "money.run_payments_confirm:confirm"),
            ("close", "money.run_payments:close"),
        ),
    ),
    (
        "receipt",
        "What a body says of a payment.",
        (
            ("confirm", "money.disburse_endings:confirm"),
            ("dispute", "money.disburse_endings:dispute"),
        ),
    ),
    (
        "recover",
        "What a body has beyond its award.",
        (
            ("order", "money.recover:order"),
            ("receive", "money.recover:receive"),
            ("set-off", "money.recover:set_off"),
        ),
    ),
    (
        "spend",
        "What a body spent.",
        (
            ("record", "money.disburse:spend"),
            ("correct", "money.spend:spend"),
            ("pass-on", "money.spend:pass_on"),
        ),
    ),
    (
        "unspent",
        "What a body did not spend.",
        (("declare", "money.unspent:declare"), ("lapse", "money.unspent:lapse")),
    ),
    (
        "result",
        "What was measured.",
        (
            ("correct", "money.spend:result"),
            ("attribute", "evidence.result:attribute"),
        ),
    ),
    ("period", "The books.", (("close", "money.period:close"),)),
    (
        "reconcile",
        "Files of others beside what is recorded.",
        (
            ("spending", "money.reconcile:spending"),
            ("payments", "money.run_payments_confirm:reconcile"),
        ),
    ),
    (
        "export",
        "Files for other programs.",
        (
            ("journal", "questions.balances:journal"),
            ("log", "operations.copies:export_log"),
        ),
    ),
    (
        "parked",
        "What a consumer set aside for people.",
        (
            ("list", "feed.parked:list_"),
            ("replay", "feed.parked:replay"),
            ("discard", "feed.parked:discard"),
        ),
    ),
    (
        "schemas",
        "Formats for machines.",
        (
            ("commands", "operations.run:schemas"),
            ("events", "operations.run:schema_events"),
        ),
    ),
)
"""Subject, what it is about, and its commands: each the name of a function."""
