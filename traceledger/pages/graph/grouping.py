"""Which items are one group, so that the groups have an order: none is before and after another one.

Where material goes round in a circle (scrap that a recycler gives back to the plant that it came from),
each time round is a group of its own. Where that would be too many groups, all of the circle is one.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence

from traceledger.model.frozen import frozen
from traceledger.pages.graph.values import Group, Item

ROUNDS = 6
"""As how many groups each place of a circle is shown at most, on average; else the circle is one group."""

_Key = tuple[Hashable, int]


@frozen
class Grouping:
    """The groups, and by item the place of its group."""

    groups: tuple[Group, ...]
    of: tuple[int, ...]


def grouped(items: Sequence[Item]) -> Grouping:
    """The groups of items that stand in chain order, in the order in which their first ones were made."""
    circle = _circles(items)
    rounds = _rounds(items, circle)
    too_many = _too_many(items, circle, rounds)
    members: dict[_Key, list[int]] = defaultdict(list)
    of: list[_Key] = []
    for place, item in enumerate(items):
        whole = circle[item.key] in too_many
        key: _Key = (("circle", circle[item.key]), 0) if whole else (item.key, rounds[place])
        members[key].append(place)
        of.append(key)
    places = {key: number for number, key in enumerate(members)}
    groups = tuple(_group(items, key, found) for key, found in members.items())
    return Grouping(groups, tuple(places[key] for key in of))


def _group(items: Sequence[Item], key: _Key, members: Sequence[int]) -> Group:
    keys = tuple(dict.fromkeys(items[each].key for each in members))
    named = sorted(map(repr, keys)) if len(keys) > 1 else [repr(keys[0])]
    digest = hashlib.sha256(repr((named, key[1])).encode()).hexdigest()
    return Group(digest[:12], keys, tuple(members))


def _rounds(items: Sequence[Item], circle: Mapping[Hashable, int]) -> list[int]:
    """By item how often its material changed places within a circle of places before."""
    rounds: list[int] = []
    for item in items:
        inside = [each for each in item.parents if circle[items[each].key] == circle[item.key]]
        rounds.append(max((rounds[each] + (items[each].key != item.key) for each in inside), default=0))
    return rounds


def _too_many(items: Sequence[Item], circle: Mapping[Hashable, int], rounds: Sequence[int]) -> set[int]:
    """The circles whose places would be shown too often."""
    places, shown = Counter(circle.values()), Counter[int]()
    for key, _ in {(item.key, turn) for item, turn in zip(items, rounds, strict=True)}:
        shown[circle[key]] += 1
    return {each for each, many in shown.items() if many > ROUNDS * places[each]}


def _circles(items: Sequence[Item]) -> dict[Hashable, int]:
    """By key the number of its circle; keys that are in no circle have one of their own (Tarjan, 1972)."""
    before: dict[Hashable, dict[Hashable, None]] = {item.key: {} for item in items}
    for item in items:
        for parent in item.parents:
            if items[parent].key != item.key:
                before[item.key][items[parent].key] = None
    return _Components(before).found


class _Components:
    """Strongly connected components, without recursion."""

    def __init__(self, following: Mapping[Hashable, Mapping[Hashable, None]]) -> None:
        self._following = following
        self._seen: dict[Hashable, int] = {}
        self._lowest: dict[Hashable, int] = {}
        self._open: list[Hashable] = []
        self.found: dict[Hashable, int] = {}
        self._count = 0
        for key in following:
            if key not in self._seen:
                self._visit(key)

    def _visit(self, start: Hashable) -> None:
        path = [(start, iter(self._following[start]))]
        self._enter(start)
        while path:
            key, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                self._leave(key)
                if path:
                    above = path[-1][0]
                    self._lowest[above] = min(self._lowest[above], self._lowest[key])
            elif following not in self._seen:
                self._enter(following)
                path.append((following, iter(self._following[following])))
            elif following not in self.found:
                self._lowest[key] = min(self._lowest[key], self._seen[following])

    def _enter(self, key: Hashable) -> None:
        self._seen[key] = self._lowest[key] = len(self._seen)
        self._open.append(key)

    def _leave(self, key: Hashable) -> None:
        if self._lowest[key] != self._seen[key]:
            return
        while True:
            member = self._open.pop()
            self.found[member] = self._count
            if member == key:
                break
        self._count += 1
