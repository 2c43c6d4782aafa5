"""The lookup `part`: texts that hold a word anywhere, found by the pairs of signs that stand in them.

On PostgreSQL a migration gives the function `text_pairs` (every sign and every two that follow one
another) and an index on it, which finds the rows that have all pairs of the word; a plain comparison
then sees whether they stand in the right order. Elsewhere the comparison is all there is.
"""

from typing import Any

from django.db.models import CharField
from django.db.models.lookups import Contains

FUNCTION = """
CREATE OR REPLACE FUNCTION text_pairs(value text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10 AS $$
DECLARE
    signs text[] := regexp_split_to_array(value, '');
    pairs text[] := signs;
BEGIN
    FOR place IN 2 .. cardinality(signs) LOOP
        pairs[cardinality(signs) + place - 1] := signs[place - 1] || signs[place];
    END LOOP;
    RETURN pairs;
END $$
"""
"""For migrations. Its cost says that a comparison comes first where both have to be made, and no more:
the planner takes it that both are made of every row, and would look for other ways."""


def pairs(word: str) -> list[str]:
    """What text_pairs gives of any text with the word in it: its pairs, or its only sign."""
    found = [word[place : place + 2] for place in range(len(word) - 1)]
    return list(dict.fromkeys(found)) or [word]


@CharField.register_lookup
class Part(Contains):
    """Holds the word; capitals count on PostgreSQL."""

    lookup_name = "part"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return str(connection.operators[Contains.lookup_name] % rhs)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        compared, values = self.as_sql(compiler, connection)
        column, of_column = compiler.compile(self.lhs)
        # That it holds the word is told so that the planner takes it for granted: with a condition of
        # its own it would expect the rows of both, as if few of one were also of the other.
        condition = (
            f"(NULLIF({compared}, false) IS NOT NULL AND text_pairs({column}) @> %s::text[])"
        )
        return condition, [*values, *of_column, pairs(str(self.rhs))]
