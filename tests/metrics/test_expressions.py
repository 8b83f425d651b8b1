"""What a metric file's expression may say, and what it may not."""

import pytest

from bot.metrics.expression import ExpressionError, parse_expression
from bot.metrics.fact_tables import FACT_TABLES

DEALS = FACT_TABLES["open_opportunity"].columns
CLOSED = FACT_TABLES["closed_opportunity"].columns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        ";",
        "(SELECT 1)",
        "SELECT amount FROM opportunity",
        "amount IN (SELECT id FROM crm_user)",
        "amount > ALL (SELECT 1)",
        "EXISTS (SELECT 1)",
        "amount > 1 UNION SELECT 1",
        "amount > 1; DROP TABLE deal_span",
        "DROP TABLE deal_span",
        "PRAGMA writable_schema = 1",
        "ATTACH DATABASE 'x' AS y",
        "amount > 1 -- and then",
        "amount /* x */ > 1",
        "load_extension('x')",
        "randomblob(1000000000)",
        "pg_sleep(10) IS NULL",
        "random() > 0",
        "CURRENT_DATE > close_on",
        "SUM(amount)",
        "COUNT(*)",
        "*",
        "?",
        ":secret",
        "@secret",
        "{{ 7 * 7 }}",
        "password",
        "crm_user.email",
        "opportunity.amount",
        "amount / 2",
        "amount % 2",
        "stage > 'Proposal'",
        "stage BETWEEN 'A' AND 'M'",
        "name = '\x00'",
        "name = '\ud800'",
        "name || 'x'",
        "name LIKE '%'",
        "name COLLATE NOCASE",
        "amount::text",
        "CAST(amount AS TEXT)",
        "amount AS x",
        "amount -> '$.x'",
        "amount[0]",
        "amount, name",
        "amount > 10000000000001",
        "amount > 1e999",
        "amount > NaN",
        "amount > 'much'",
        "amount = NULL",
        "amount > NULL",
        "amount IN (NULL)",
        "amount BETWEEN 1 AND NULL",
        "amount + 1",
        "amount * amount",
        "stage + 1",
        "close_on > 'yesterday'",
        "close_on > '2026-02-30'",
        "CASE amount WHEN 1 THEN 2 END",
        "CASE WHEN amount > 1 THEN 'a' ELSE 1 END",
        "COALESCE(amount, 1, 2)",
        "'open",
        "(amount > 1",
        "amount > 1 AND",
        "x" * 1001,
        "(" * 450 + "1" + ")" * 450,
        "NOT " * 240 + "TRUE",
        "1" + " + 1" * 40,
    ],
)
def test_an_expression_that_is_not_plainly_harmless_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_expression(text, DEALS)
    assert refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "TRUE",
        "amount",
        '"amount" > 1',
        "amount >= 1000.50",
        "amount > 1000000000000",
        "amount BETWEEN 1 AND 2",
        "stage IN ('Proposal', 'Negotiation')",
        "stage NOT IN ('Proposal')",
        "stage = 'It''s -- no /* comment */; at all'",
        "next_step IS NOT NULL",
        "COALESCE(next_step, '') != ''",
        "close_on < as_of AND NOT (pushes > 2 OR days_open > 90)",
        "close_on < '2026-03-09'",
        "ABS(days_open - days_in_stage) * 2",
        "amount * 0.5",
        "CASE WHEN pushes > 1 THEN amount ELSE 0 END",
        "probability >= -1",
    ],
)
def test_an_expression_over_known_columns_is_read(text: str) -> None:
    assert parse_expression(text, DEALS) == parse_expression(f"({text})", DEALS)


def test_a_boolean_column_may_be_written_as_a_number() -> None:
    assert parse_expression("is_won = 1", CLOSED) == parse_expression("is_won = TRUE", CLOSED)


def test_the_hint_of_a_misspelt_column_names_the_right_one() -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_expression("amuont > 1", DEALS)
    assert refused.value.hint == "did you mean 'amount'?"
