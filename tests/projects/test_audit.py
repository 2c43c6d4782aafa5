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
    Broken,
    Fault,
    Link,
    Seal,
    breaks,
    breaks_of_seals,
    digest,
    digest_heads,
    in_order,
    plain,
    seal,
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
    """A chain whose events say their number, as ours do."""
    links, previous = [], GENESIS
    for number, payload in enumerate(payloads, start=1):
        said = {**payload, "number": number}
        links.append(Link(number, previous, said, digest(previous, said)))
        previous = links[-1].digest
    return links


def forged(number: int, previous: str, payload: dict[str, Any]) -> Link:
    """An event that is whole in itself."""
    said = {**payload, "number": number}
    return Link(number, previous, said, digest(previous, said))


def numbered(link: Link, number: int) -> Link:
    """The event with another number written over its own."""
    return replace(link, number=number, payload={**link.payload, "number": number})


def broken_of(chain: list[Link], kept: list[Link]) -> list[Broken]:
    """What is wrong with a chain whose owner still says what it said of the true one."""
    return breaks(chain, version=len(kept), head=kept[-1].digest if kept else GENESIS)


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
    chain = chained(payloads)

    assert broken_of(chain, chain) == []


@given(st.lists(steps, min_size=1, max_size=5), steps, st.data())
def test_a_changed_event_is_named(
    payloads: list[dict[str, Any]], other: dict[str, Any], data: st.DataObject
) -> None:
    kept = chained(payloads)
    index = data.draw(st.integers(0, len(kept) - 1))
    changed = {**kept[index].payload, **other}
    same = plain(changed) == plain(kept[index].payload)

    chain = [*kept]
    chain[index] = replace(kept[index], payload=changed)

    assert broken_of(chain, kept) == ([] if same else [Broken(Fault.CHANGED, index + 1)])


@given(st.lists(steps, min_size=1, max_size=6), st.data())
def test_removed_events_are_named(payloads: list[dict[str, Any]], data: st.DataObject) -> None:
    kept = chained(payloads)
    first = data.draw(st.integers(1, len(kept)))
    last = data.draw(st.integers(first, len(kept)))

    chain = [link for link in kept if not first <= link.number <= last]

    assert broken_of(chain, kept) == [Broken(Fault.REMOVED, first, last)]


@given(st.lists(steps, max_size=5), st.lists(steps, min_size=1, max_size=3))
def test_events_inserted_at_the_end_are_named(
    payloads: list[dict[str, Any]], others: list[dict[str, Any]]
) -> None:
    kept = chained(payloads)
    chain = chained([*payloads, *others])

    assert broken_of(chain, kept) == [
        Broken(Fault.INSERTED, link.number) for link in chain[len(kept) :]
    ]


@given(st.lists(steps, min_size=1, max_size=5), steps, st.data())
def test_an_event_inserted_in_the_middle_is_named_and_so_are_those_it_moved(
    payloads: list[dict[str, Any]], other: dict[str, Any], data: st.DataObject
) -> None:
    kept = chained(payloads)
    index = data.draw(st.integers(0, len(kept) - 1))
    previous = kept[index - 1].digest if index else GENESIS
    added = forged(index + 1, previous, {**other, "forged": True})

    chain = [*kept[:index], added, *(numbered(link, link.number + 1) for link in kept[index:])]

    assert broken_of(chain, kept) == [
        Broken(Fault.INSERTED, index + 1),
        *(Broken(Fault.CHANGED, link.number + 1) for link in kept[index:]),
    ]


@given(st.lists(steps, min_size=2, max_size=5), st.data())
def test_an_event_put_in_the_place_of_another_is_named(
    payloads: list[dict[str, Any]], data: st.DataObject
) -> None:
    kept = chained(payloads)
    index = data.draw(st.integers(0, len(kept) - 2))
    previous = kept[index - 1].digest if index else GENESIS

    chain = [*kept]
    chain[index] = forged(index + 1, previous, {"forged": True})

    assert broken_of(chain, kept) == [Broken(Fault.CHANGED, index + 1)]


@given(st.lists(steps, min_size=2, max_size=5), st.data())
def test_swapped_events_are_both_named(payloads: list[dict[str, Any]], data: st.DataObject) -> None:
    kept = chained(payloads)
    index = data.draw(st.integers(0, len(kept) - 2))

    chain = [*kept]
    chain[index] = numbered(kept[index + 1], index + 1)
    chain[index + 1] = numbered(kept[index], index + 2)

    assert {broken.number for broken in broken_of(chain, kept)} == {index + 1, index + 2}


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "f" * 64},
        {"previous": "f" * 64},
        {"payload": {"value": 1.5}},
        {"number": 1_000_000, "payload": {"number": 1_000_000}},
    ],
)
@pytest.mark.parametrize("index", [0, 1, 2])
def test_every_part_of_an_event_counts(change: dict[str, Any], index: int) -> None:
    kept = chained([{"step": 1}, {"step": 2}, {"step": 3}])
    chain = [*kept]
    chain[index] = replace(chain[index], **change)
    chain.sort(key=lambda link: link.number)

    found = broken_of(chain, kept)

    assert Broken(Fault.CHANGED, change.get("number", index + 1)) in found
    assert "number" in change or len(found) == 1


def test_an_event_of_another_chain_is_named() -> None:
    ours, theirs = chained([{"report": 1}, {"step": 2}]), chained([{"report": 2}, {"step": 2}])

    found = breaks([ours[0], theirs[1]], version=2, head=theirs[1].digest)

    assert found == [Broken(Fault.CHANGED, 1)]


@pytest.mark.parametrize(
    ("version", "head", "expected"),
    [
        (4, None, [Broken(Fault.COUNT)]),
        (2, None, [Broken(Fault.COUNT)]),
        (0, None, [Broken(Fault.COUNT)]),
        (3, "f" * 64, [Broken(Fault.HEAD)]),
        (3, "", [Broken(Fault.HEAD)]),
        (5, "f" * 64, [Broken(Fault.REMOVED, 4, 5)]),
    ],
)
def test_an_owner_that_was_changed_is_named(
    version: int, head: str | None, expected: list[Broken]
) -> None:
    chain = chained([{"step": 1}, {"step": 2}, {"step": 3}])

    assert (
        breaks(chain, version=version, head=chain[-1].digest if head is None else head) == expected
    )


def test_an_owner_without_events_has_no_head() -> None:
    assert breaks([], version=0, head=GENESIS) == []
    assert breaks([], version=0, head="f" * 64) == [Broken(Fault.HEAD)]


heads = st.dictionaries(names, digests, max_size=4)


@given(heads)
def test_the_order_of_the_heads_is_of_no_account(heads: dict[str, str]) -> None:
    assert digest_heads(heads) == digest_heads(dict(reversed(heads.items())))


@given(heads, heads)
def test_other_heads_have_another_digest(one: dict[str, str], other: dict[str, str]) -> None:
    assert (digest_heads(one) == digest_heads(other)) is (one == other)


def broken_seals(seals: list[Seal]) -> list[tuple[int, Fault]]:
    """The places of the broken seals."""
    return [(seals.index(day), fault) for day, fault in breaks_of_seals(seals)]


@given(st.lists(heads, max_size=4))
def test_untouched_seals_are_whole(days: list[dict[str, str]]) -> None:
    assert broken_seals(sealed(days)) == []


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize(
    "change",
    [
        {"heads": 0},
        {"events": 8},
        {"heads_digest": "f" * 64},
        {"previous": "f" * 64},
        {"digest": "f" * 64},
    ],
)
def test_every_part_of_a_seal_counts(change: dict[str, Any], index: int) -> None:
    seals = sealed([{"a": "0" * 64}, {"a": "1" * 64}, {"a": "2" * 64}])
    seals[index] = replace(seals[index], **change)

    assert broken_seals(seals) == [(index, Fault.CHANGED)]


def test_a_seal_of_another_day_is_changed() -> None:
    seals = sealed([{"a": "0" * 64}, {"a": "1" * 64}])
    seals[1] = replace(seals[1], on=date(2025, 10, 9))

    assert broken_seals(seals) == [(1, Fault.CHANGED)]


def test_a_seal_that_is_gone_shows_at_the_one_after_it() -> None:
    seals = sealed([{"a": "0" * 64}, {"a": "1" * 64}, {"a": "2" * 64}])

    assert broken_seals([seals[0], seals[2]]) == [(1, Fault.REMOVED)]
    assert broken_seals([seals[1]]) == [(0, Fault.REMOVED)]


def test_seals_are_of_ever_later_days() -> None:
    first, second = sealed([{}, {}])
    stated = {"heads": 0, "events": 9, "heads_digest": digest_heads({})}
    same_day = replace(second, on=first.on, digest=seal(first.digest, on=first.on, **stated))

    assert broken_seals([first, same_day]) == [(1, Fault.INSERTED)]


@given(st.lists(st.dates(date(2024, 1, 1), date(2024, 1, 9)), max_size=6))
def test_the_places_that_follow_one_another_are_in_order(days: list[date]) -> None:
    kept = in_order(list(enumerate(days)))
    following = [day for place, day in enumerate(days) if place in kept]

    assert following == sorted(following)
    assert len(kept) == len(days) or days != sorted(days)


def test_a_place_that_is_out_of_order_is_left_out() -> None:
    days = [date(2024, 1, day) for day in (1, 1, 5, 2, 2, 3)]

    assert in_order(list(enumerate(days))) == {0, 1, 3, 4, 5}
