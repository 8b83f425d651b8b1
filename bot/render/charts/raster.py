"""SVG to PNG, twice as large as laid out, for screens with many pixels."""

from pathlib import Path

import font_roboto  # type: ignore[import-untyped]  # it ships no types
import resvg_py

ZOOM = 2
FONTS = Path(font_roboto.__file__).parent / "files"
#: Text in a font that is not there vanishes without a word, so none of the machine's is relied on.
FONT_FILES = tuple(str(FONTS / f"Roboto-{weight}.ttf") for weight in ("Regular", "Bold"))


def png(svg: str) -> bytes:
    """Raises ValueError for what is no SVG."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=ZOOM, skip_system_fonts=True, font_files=list(FONT_FILES)
        )
    )
