"""Frozen classes do what those of the standard library do."""

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace
from operator import itemgetter

import pytest

from cx_kpi.model.frozen import _FEW
from cx_kpi.model.frozen import dataclass as ours


@ours(frozen=True, slots=True)
class Ours:
    """A value of ours."""

    name: str
    size: int = 3
    parts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Theirs:
    """The same with the standard library."""

    name: str
    size: int = 3
    parts: list[int] = field(default_factory=list)


@ours(frozen=True, slots=True)
class Counted:
    """A value that looks at itself when it is made."""

    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError(self.size)

    def __hash__(self) -> int:
        return 7


@ours(frozen=True)
class Nothing:
    """A value without fields."""


both = pytest.mark.parametrize("kind", [Ours, Theirs])


@both
def test_fields_defaults_and_how_it_is_shown(kind):
    made = kind("a", parts=[1])
    assert dataclasses.asdict(made) == {"name": "a", "size": 3, "parts": [1]}
    assert repr(made) == f"{kind.__name__}(name='a', size=3, parts=[1])"
    assert replace(made, size=4) == kind("a", 4, [1]) != made
    assert kind.__match_args__ == ("name", "size", "parts")
    assert not hasattr(made, "__dict__")


@pytest.mark.parametrize("made_by", [ours, dataclass])
def test_a_field_that_is_not_to_be_shown_is_not(made_by):
    @made_by(frozen=True, slots=True)
    class Door:
        name: str
        key: str = field(repr=False)

    assert repr(Door("front", "1234")).endswith("Door(name='front')")


@both
def test_each_value_has_a_list_of_its_own(kind):
    assert kind("a").parts is not kind("a").parts


@both
def test_it_cannot_be_changed(kind):
    made = kind("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'size'"):
        made.size = 4
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'size'"):
        del made.size


@both
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])
def test_copies_are_equal(kind, again):
    made = kind("a", 4, [1])
    assert again(made) == made


@both
@pytest.mark.parametrize("asked", [(), ("a", 1, [], 2)])
@pytest.mark.parametrize("named", [{}, {"size": 2}, {"colour": "red"}])
def test_a_wrong_call_is_told(kind, asked, named):
    with pytest.raises(TypeError, match=rf"{kind.__name__}\.__init__\(\)"):
        kind(*asked, **named)


@both
@pytest.mark.parametrize("named", [{"name": "b"}, {"size": 1, "colour": "red"}])
def test_a_name_given_twice_or_of_no_field_is_told(kind, named):
    with pytest.raises(TypeError, match=rf"{kind.__name__}\.__init__\(\) got"):
        kind("a", **named)


def test_values_of_two_classes_are_not_equal():
    assert Ours("a") != Theirs("a")
    assert hash(Ours("a", parts=())) == hash(Ours("a", 3, ()))  # type: ignore[arg-type]


def test_methods_of_its_own_stay():
    assert hash(Counted(1)) == 7
    with pytest.raises(ValueError, match="-1"):
        Counted(-1)


def test_no_fields():
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())


@both
@pytest.mark.parametrize("times", [1, 2 * _FEW])
def test_the_many_are_as_the_first(kind, times):
    made = [kind("a", parts=[number]) for number in range(times)][-1]
    assert type(made) is kind
    assert made == kind("a", 3, [times - 1])
    with pytest.raises(FrozenInstanceError):
        made.size = 4
    with pytest.raises(FrozenInstanceError):
        del made.size


@pytest.mark.parametrize("slots", [True, False])
def test_a_class_that_is_made_from_another_stays_itself(slots):
    @ours(frozen=True, slots=slots)
    class Below:
        name: str

    @ours(frozen=True, slots=slots)
    class Above(Below):
        size: int

    made = [(Below("a"), Above("a", number)) for number in range(2 * _FEW)]
    assert {*map(type, map(itemgetter(0), made))} == {Below}
    assert {*map(type, map(itemgetter(1), made))} == {Above}
    assert made[-1] == (Below("a"), Above("a", 2 * _FEW - 1))


def test_a_class_below_stays_itself():
    @ours(frozen=True)
    class Above:
        name: str

    class Below(Above):
        pass

    assert {type(Below("a")) for _ in range(2 * _FEW)} == {Below}
