"""How chains of events and their seals show what was changed behind the system's back."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.audit import (
    GENESIS,
    Link,
    Seal,
    digest,
    digest_heads,
    lost_heads,
    plain,
    seal,
    verify,
    verify_seals,
)

SHANGHAI = timezone(timedelta(hours=8))
NO_ZONE = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
EARLIEST = NO_ZONE.replace(year=1900)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2)
    | st.dates()
    | st.datetimes(EARLIEST, timezones=st.sampled_from([UTC, SHANGHAI]))
)
values = scalars | st.lists(scalars, max_size=2) | st.dictionaries(st.text(), scalars, max_size=2)
payloads = st.dictionaries(st.text(), values, max_size=2)
steps = st.dictionaries(st.sampled_from("ab"), st.integers(0, 3), max_size=2)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
names = st.text("abc0123456789-", min_size=1, max_size=6)


def chained(payloads: list[dict[str, Any]]) -> list[Link]:
    links, previous = [], GENESIS
    for payload in payloads:
        links.append(Link(previous, payload, digest(previous, payload)))
        previous = links[-1].digest
    return links


def sealed(days: list[dict[str, str]], first: date = date(2024, 10, 1)) -> list[Seal]:
    seals, previous = [], GENESIS
    for index, heads in enumerate(days):
        on = first + timedelta(days=index)
        stated = {"heads": len(heads), "events": 9, "heads_digest": digest_heads(heads)}
        made = seal(previous, on=on, **stated)
        seals.append(Seal(on=on, previous=previous, digest=made, **stated))
        previous = made
    return seals


EVENT = {
    "report": "500101-0001/2024-10",
    "action": "submit",
    "by": "zhang",
    "at": datetime(2024, 10, 8, 9, 30, tzinfo=SHANGHAI),
    "note": "",
    "before": {"invested_ytd": None},
    "after": {"invested_ytd": Decimal("1234.50"), "completed_on": date(2024, 10, 7)},
}


def test_a_digest_never_changes_between_versions() -> None:
    assert digest(GENESIS, EVENT) == (
        "d20049fdeb04c0e484787891efa71ab1cac461958b23e235bddfe89f5e1cc53f"
    )


def test_a_payload_is_written_plainly() -> None:
    assert plain(EVENT) == {
        "report": "500101-0001/2024-10",
        "action": "submit",
        "by": "zhang",
        "at": "2024-10-08T01:30:00.000000+00:00",
        "note": "",
        "before": {"invested_ytd": None},
        "after": {"invested_ytd": "1234.5", "completed_on": "2024-10-07"},
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal("1.5"), Decimal("1.50")),
        (Decimal("1E+3"), Decimal("1000.00")),
        (Decimal("-0.00"), Decimal(0)),
        ((1, 2), [1, 2]),
        (datetime(2024, 1, 1, 8, tzinfo=SHANGHAI), datetime(2024, 1, 1, tzinfo=UTC)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)
def test_what_is_the_same_has_the_same_digest(one: object, other: object) -> None:
    assert digest(GENESIS, {"value": one}) == digest(GENESIS, {"value": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [(None, ""), (None, Decimal(0)), (0, False), (1, "1"), ("a", "a "), ([], {}), ([1, 2], [2, 1])],
)
def test_what_differs_has_another_digest(one: object, other: object) -> None:
    assert digest(GENESIS, {"value": one}) != digest(GENESIS, {"value": other})


@pytest.mark.parametrize("value", [1.5, {1, 2}, b"x", object(), {1: 2}])
def test_what_has_no_single_way_to_be_written_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        digest(GENESIS, {"value": value})


@pytest.mark.parametrize("value", [NO_ZONE, Decimal("NaN"), Decimal("Infinity")])
def test_what_says_too_little_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        digest(GENESIS, {"value": value})


@pytest.mark.parametrize("previous", ["0", "x" * 64, "A" * 64, "0" * 64 + "\n"])
def test_a_chain_hangs_on_a_digest_only(previous: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        digest(previous, {})


@given(digests, payloads)
def test_a_payload_that_was_stored_and_read_has_the_same_digest(
    previous: str, payload: dict[str, Any]
) -> None:
    read = json.loads(json.dumps(plain(payload)))

    assert plain(read) == plain(payload)
    assert digest(previous, read) == digest(previous, payload)


@given(st.lists(steps, max_size=5))
def test_an_untouched_chain_is_whole(payloads: list[dict[str, Any]]) -> None:
    assert verify(chained(payloads)) is None


@given(st.lists(steps, min_size=1, max_size=5), steps, st.data())
def test_a_changed_event_is_found(
    payloads: list[dict[str, Any]], other: dict[str, Any], data: st.DataObject
) -> None:
    chain = chained(payloads)
    index = data.draw(st.integers(0, len(chain) - 1))
    changed = {**chain[index].payload, **other}
    same = plain(changed) == plain(chain[index].payload)

    chain[index] = replace(chain[index], payload=changed)

    assert verify(chain) == (None if same else index)


@given(st.lists(steps, min_size=2, max_size=5), st.data())
def test_a_removed_event_is_found_at_the_one_after_it(
    payloads: list[dict[str, Any]], data: st.DataObject
) -> None:
    chain = chained(payloads)
    index = data.draw(st.integers(0, len(chain) - 2))

    del chain[index]

    assert verify(chain) == index


@given(st.lists(steps, max_size=5), steps, st.data())
def test_an_inserted_event_is_found(
    payloads: list[dict[str, Any]], other: dict[str, Any], data: st.DataObject
) -> None:
    chain = chained(payloads)
    index = data.draw(st.integers(0, len(chain)))
    previous = chain[index - 1].digest if index else GENESIS

    chain.insert(index, Link(previous, other, digest(previous, other)))

    assert verify(chain) == (None if index == len(payloads) else index + 1)


@given(st.lists(steps, min_size=2, max_size=5, unique_by=repr), st.data())
def test_swapped_events_are_found_at_the_first(
    payloads: list[dict[str, Any]], data: st.DataObject
) -> None:
    chain = chained(payloads)
    first, second = sorted(
        data.draw(st.lists(st.integers(0, len(chain) - 1), min_size=2, max_size=2, unique=True))
    )

    chain[first], chain[second] = chain[second], chain[first]

    assert verify(chain) == first


@pytest.mark.parametrize(
    "change", [{"digest": "f" * 64}, {"previous": "f" * 64}, {"payload": {"value": 1.5}}]
)
def test_every_part_of_an_event_counts(change: dict[str, Any]) -> None:
    chain = chained([{"step": 1}, {"step": 2}, {"step": 3}])
    chain[1] = replace(chain[1], **change)

    assert verify(chain) == 1


def test_an_event_of_another_chain_is_found() -> None:
    ours, theirs = chained([{"report": 1}, {"step": 2}]), chained([{"report": 2}, {"step": 2}])

    assert verify([ours[0], theirs[1]]) == 1


heads = st.dictionaries(names, digests, max_size=4)


@given(heads)
def test_the_order_of_the_heads_is_of_no_account(heads: dict[str, str]) -> None:
    assert digest_heads(heads) == digest_heads(dict(reversed(heads.items())))


@given(heads, heads)
def test_other_heads_have_another_digest(one: dict[str, str], other: dict[str, str]) -> None:
    assert (digest_heads(one) == digest_heads(other)) is (one == other)


@given(st.lists(heads, max_size=4))
def test_untouched_seals_are_whole(days: list[dict[str, str]]) -> None:
    assert verify_seals(sealed(days)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"on": date(2024, 10, 9)},
        {"heads": 0},
        {"events": 8},
        {"heads_digest": "f" * 64},
        {"previous": "f" * 64},
        {"digest": "f" * 64},
    ],
)
def test_every_part_of_a_seal_counts(change: dict[str, Any]) -> None:
    seals = sealed([{"a": "0" * 64}, {"a": "1" * 64}, {"a": "2" * 64}])
    seals[1] = replace(seals[1], **change)

    assert verify_seals(seals) == 1


def test_seals_follow_one_another() -> None:
    seals = sealed([{"a": "0" * 64}, {"a": "1" * 64}, {"a": "2" * 64}])

    assert verify_seals([seals[0], seals[2]]) == 1
    assert verify_seals([seals[1]]) == 0


def test_seals_are_of_ever_later_days() -> None:
    first, second = sealed([{}, {}])
    stated = {"heads": 0, "events": 9, "heads_digest": digest_heads({})}
    same_day = replace(second, on=first.on, digest=seal(first.digest, on=first.on, **stated))

    assert verify_seals([first, same_day]) == 1


def test_a_chain_that_lost_its_head_is_named() -> None:
    sealed_heads = {"a": "1" * 64, "b": "2" * 64, "c": "3" * 64}
    chains = {"a": ["0" * 64, "1" * 64, "9" * 64], "b": ["0" * 64]}

    assert lost_heads(sealed_heads, chains) == ["b", "c"]
