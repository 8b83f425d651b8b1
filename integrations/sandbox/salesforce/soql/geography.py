"""How far a place is from another, as the crow flies."""

import math

DISTANCE = "DISTANCE"
NORTHERNMOST, EASTERNMOST = 90, 180
#: The radius of the earth.
UNITS = {"mi": 3958.761, "km": 6371.009}
_ADDRESS, _CUSTOM = "Address", "__c"


def components(field: str) -> tuple[str, str]:
    """The fields that hold the latitude and longitude of an address or a geolocation."""
    if field.endswith(_CUSTOM):
        stem = field.removesuffix(_CUSTOM)
        return f"{stem}__Latitude__s", f"{stem}__Longitude__s"
    stem = field.removesuffix(_ADDRESS)
    return f"{stem}Latitude", f"{stem}Longitude"


def distance(
    latitude: float | None, longitude: float | None, north: float, east: float, unit: str
) -> float | None:
    if latitude is None or longitude is None:
        return None
    here, there = math.radians(latitude), math.radians(north)
    turn = math.radians(east - longitude)
    part = math.sin((there - here) / 2) ** 2
    part += math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2
    return 2 * UNITS[unit] * math.asin(math.sqrt(part))
