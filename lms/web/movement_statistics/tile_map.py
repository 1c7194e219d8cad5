"""The city as a drawn map of tiles: each ward one, north above, west at the left."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from lms.learning.wards import Ward, all_wards

COLUMNS = 14  # 168 wards in 12 full rows
TILE, GAP = 20, 4
LEVELS = (0, 5, 100, 500)  # the least count of each level of a tile
_SIDES = (4, 10, 15, 20)  # of the square that is drawn for it: not by colour alone


def tile_places() -> tuple[tuple[Ward, int, int], ...]:
    """Each ward with the left and the upper edge of its tile."""
    return _places_of(all_wards())


@lru_cache(maxsize=1)
def _places_of(wards: tuple[Ward, ...]) -> tuple[tuple[Ward, int, int], ...]:
    # Real distances would put a hundred wards of the middle into one corner: their order is kept, not their distance.
    by_north = sorted(wards, key=lambda ward: (-ward.latitude, ward.code))
    places: list[tuple[Ward, int, int]] = []
    for row in range(0, len(by_north), COLUMNS):
        by_west = sorted(by_north[row : row + COLUMNS], key=lambda ward: (ward.longitude, ward.code))
        places += [(ward, column * (TILE + GAP), row // COLUMNS * (TILE + GAP)) for column, ward in enumerate(by_west)]
    return tuple(places)


def tile_paths(value: Callable[[Ward], int]) -> list[str]:
    """For each of ``LEVELS`` the path of its squares."""
    paths = [""] * len(LEVELS)
    for ward, left, top in tile_places():
        level = tile_level_of_count(value(ward))
        side = _SIDES[level]
        edge = (TILE - side) / 2
        paths[level] += f"M{left + edge:g} {top + edge:g}h{side}v{side}h-{side}z"
    return paths


def tile_level_of_count(value: int) -> int:
    """The index in ``LEVELS`` of a count."""
    return max(level for level, least in enumerate(LEVELS) if value >= least)


def map_size() -> tuple[int, int]:
    """Width and height of the map."""
    rows = -(-len(all_wards()) // COLUMNS)
    return COLUMNS * (TILE + GAP) - GAP, rows * (TILE + GAP) - GAP
