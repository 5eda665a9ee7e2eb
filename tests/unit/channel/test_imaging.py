"""Whatever is sent as a picture comes out as one that holds nothing but what is to be seen, or is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from bot.channel.imaging import LONGEST_SIDE, NoPicture, cleaned

GPS = 0x8825
SECRET = b"39.9042N 116.4074E Zhang San"


def made(kind: str, size: tuple[int, int] = (60, 40), colour: Any = (200, 30, 30), mode: str = "RGB", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, kind, **options)
    return file.getvalue()


def with_everything(kind: str) -> bytes:
    """A picture with a place, a camera, a comment, a colour profile and something behind its end."""
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif[GPS] = {1: "N", 2: (39.0, 54.0, 15.0)}
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    options: dict[str, Any] = {"PNG": {"pnginfo": text}, "JPEG": {"comment": SECRET}, "WEBP": {"xmp": SECRET}}[kind]
    return made(kind, exif=exif, icc_profile=SECRET, **options) + SECRET


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_but_the_picture_is_left(kind: str) -> None:
    sent = with_everything(kind)
    assert SECRET in sent and (kind == "WEBP" or b"Exif" in sent or b"eXIf" in sent)
    picture = cleaned(sent)
    with Image.open(io.BytesIO(picture.content)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (picture.width, picture.height)) == ("JPEG", (60, 40))
        assert not seen.getexif() and set(seen.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        red, green, blue = seen.convert("RGB").getpixel((30, 20))  # type: ignore[misc]
    assert red > 180 and green < 60 and blue < 60
    assert b"Zhang" not in picture.content and b"Exif" not in picture.content and picture.content.endswith(b"\xff\xd9")


def test_a_large_one_becomes_smaller_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by a quarter
    picture = cleaned(made("JPEG", (4000, 2000), exif=exif))
    assert (picture.width, picture.height) == (LONGEST_SIDE // 2, LONGEST_SIDE)


@pytest.mark.parametrize("mode, colour", [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("P", 0), ("1", 1), ("I;16", 65535)])
def test_every_way_of_keeping_colours_is_taken(mode: str, colour: Any) -> None:
    picture = cleaned(made("PNG", mode=mode, colour=colour))
    with Image.open(io.BytesIO(picture.content)) as seen:
        assert seen.mode == "RGB"
        if mode in ("RGBA", "LA"):
            assert seen.getpixel((5, 5)) == (255, 255, 255)


REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"<svg onload=alert(1)>",
    "another format": lambda: made("GIF", mode="P", colour=1),
    "one that only begins like a picture": lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 500,
    "one that was cut off": lambda: made("PNG", (400, 400))[:-60],
    "more pixels than are unpacked": lambda: made("PNG", (9000, 9000), mode="1", colour=0, compress_level=1),
    "more pixels than the library itself opens": lambda: made("PNG", (13500, 13500), mode="1", colour=0, compress_level=1),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_is_refused(what: str) -> None:
    with pytest.raises(NoPicture):
        cleaned(REFUSED[what]())
