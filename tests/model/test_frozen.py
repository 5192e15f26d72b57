"""A frozen class is what dataclasses would have made of it."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any, ClassVar

import pytest

from traceledger.model.frozen import changed, frozen


@frozen
class Lot:
    name: str
    mass_mg: int = 5
    shares: dict[str, int] = field(default_factory=dict)
    word: ClassVar = "lot"

    @property
    def heavy(self) -> bool:
        return self.mass_mg > 9


@frozen
class Other:
    name: str
    mass_mg: int = 5
    shares: dict[str, int] = field(default_factory=dict)


@frozen
class Site:
    name: str


@frozen
class Nothing:
    pass


def made_by_dataclasses() -> Any:
    @dataclass(frozen=True, slots=True)
    class Lot:
        name: str
        mass_mg: int = 5
        shares: dict[str, int] = field(default_factory=dict)

    Lot.__qualname__ = "Lot"
    return Lot


def test_it_is_made_and_shown_as_dataclasses_would() -> None:
    theirs = made_by_dataclasses()
    for given in ((("a",), {}), (("a", 7), {}), (("a",), {"shares": {"b": 1}}), ((), {"name": "a"})):
        positional, named = given
        assert repr(Lot(*positional, **named)) == repr(theirs(*positional, **named))
    assert [one.name for one in fields(Lot)] == [one.name for one in fields(theirs)]
    assert Lot.__match_args__ == theirs.__match_args__
    assert Lot("a").shares is not Lot("a").shares
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        Lot()  # type: ignore[call-arg]


def test_what_must_be_given_comes_first() -> None:
    with pytest.raises(TypeError, match="non-default argument 'name' follows default argument"):

        @frozen
        class _Wrong:
            mass_mg: int = 5
            name: str  # type: ignore[misc]


def test_it_compares_by_its_class_and_content() -> None:
    assert Lot("a") == Lot("a", 5)
    assert Lot("a") != Lot("b")
    assert Lot("a") != Other("a")
    assert Site("a") == Site("a") != Site("b")
    assert Nothing() == Nothing()
    assert {Site("a"): 1}[Site("a")] == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Lot("a"))


def test_it_does_not_change() -> None:
    lot: Any = Lot("a")
    for name in ("name", "unheard_of"):
        with pytest.raises(FrozenInstanceError):
            setattr(lot, name, "b")
    with pytest.raises(FrozenInstanceError):
        del lot.name
    assert not hasattr(lot, "__dict__")


def test_it_is_replaced_copied_pickled_and_matched() -> None:
    lot = Lot("a", 10, {"b": 1})
    assert replace(lot, name="c") == Lot("c", 10, {"b": 1})
    assert copy.copy(lot) == copy.deepcopy(lot) == pickle.loads(pickle.dumps(lot)) == lot
    assert (lot.heavy, Lot.word) == (True, "lot")
    match lot:
        case Lot(name, mass):
            assert (name, mass) == ("a", 10)


def test_a_changed_value_is_another_one() -> None:
    lot = Lot("a", shares={"b": 1})
    other = changed(lot, mass_mg=7)
    assert (lot.mass_mg, other, type(other)) == (5, replace(lot, mass_mg=7), Lot)
    assert changed(lot) == lot
    with pytest.raises(FrozenInstanceError):
        other.mass_mg = 9  # type: ignore[misc]
    with pytest.raises(AttributeError):
        changed(lot, weight=7)  # type: ignore[call-arg]


def test_a_value_of_a_subclass_keeps_its_class() -> None:
    class Small(Lot):
        __slots__ = ()

    assert type(Small("a")) is Small
    with pytest.raises(FrozenInstanceError):
        Small("a").mass_mg = 9  # type: ignore[misc]
