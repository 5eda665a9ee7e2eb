"""Makes of whatever somebody sends as a picture one that holds nothing but what is to be seen."""

from __future__ import annotations

import io

from actions.state.pictures import CleanPicture
from actions.threads import Threads

LARGEST_PICTURE = 5 * 1024 * 1024
"""Bytes, as it is sent."""
LONGEST_SIDE = 1600
MOST_PIXELS = 25_000_000
"""Before it is made smaller: while it is unpacked, each takes up to four bytes, however small the file is."""
FORMATS = ("PNG", "JPEG", "WEBP")
CONTENT_TYPE = "image/jpeg"
_QUALITY = 85

imaging = Threads("imaging", most=1, patience=10.0)
"""One at a time: unpacking takes memory and a core, which turns need, too."""


class NoPicture(ValueError):
    """Not a picture that is taken: another format, broken, or with too many pixels."""


def cleaned(sent: bytes) -> CleanPicture:
    """A picture drawn anew: no place, camera, comment, colour profile or anything behind its end comes along.

    What it is, is told by its content, never by its name. Of a moving one the first picture is taken. What is transparent becomes white.

    Raises:
        NoPicture: it is none that is taken.
    """
    # Rasa's server need not load it before the first picture comes.
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(sent), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NoPicture("too many pixels")
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            seen = upright.convert("RGBA")
        # Onto a new one, since copies bring along what the file said beside the picture.
        drawn = Image.new("RGB", seen.size, "white")
        drawn.paste(seen, mask=seen)
        made = io.BytesIO()
        drawn.save(made, "JPEG", quality=_QUALITY)
    except NoPicture:
        raise
    except Exception as error:
        # A broken file may raise whatever the part that reads it comes upon.
        raise NoPicture(type(error).__name__) from None
    return CleanPicture(made.getvalue(), *drawn.size)
