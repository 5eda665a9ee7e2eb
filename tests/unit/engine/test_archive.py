"""Which models may be loaded."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bot.engine.archive import ModelRefused, lay_out, record, verify
from tools.pages import ROOT

SECRET = "a secret of the tests, longer than 32 characters"


def archive(folder: Path, *members: tarfile.TarInfo | str) -> Path:
    path = folder / "model.tar.gz"
    with tarfile.open(path, "w:gz") as made:
        for member in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            content = b"{}" if info.isreg() else b""
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return path


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_a_plain_model_may_be_loaded(tmp_path: Path) -> None:
    verify(archive(tmp_path, special("components", tarfile.DIRTYPE), "metadata.json", "./components/train.json"), None)


@pytest.mark.parametrize(
    "member",
    [
        "../escaped",
        "components/../../escaped",
        "/escaped",
        special("link", tarfile.SYMTYPE, "/etc"),
        special("link", tarfile.LNKTYPE, "../escaped"),
        special("device", tarfile.CHRTYPE),
        special("pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda member: member if isinstance(member, str) else f"{member.name} {member.type!r}",
)
def test_a_model_that_would_write_elsewhere_is_refused(tmp_path: Path, member: tarfile.TarInfo | str) -> None:
    with pytest.raises(ModelRefused, match="would be unpacked outside of its folder"):
        verify(archive(tmp_path, "metadata.json", member), None)


@pytest.mark.parametrize("cut", [0, 10, 60])
def test_a_model_that_cannot_be_read_is_refused(tmp_path: Path, cut: int) -> None:
    path = archive(tmp_path, "metadata.json")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ModelRefused, match="cannot be read"):
        verify(path, None)


def test_a_model_that_changed_since_it_was_trained_is_refused_with_its_checksum(tmp_path: Path) -> None:
    path = archive(tmp_path, "metadata.json")
    record(path)
    verify(path, None)
    subprocess.run(["sha256sum", "--check", "--status", f"{path.name}.sha256"], cwd=tmp_path, check=True)
    archive(tmp_path, "metadata.json", "one more")
    with pytest.raises(ModelRefused, match=r"not the model that model\.tar\.gz\.sha256 names: its SHA-256 is [0-9a-f]{64}"):
        verify(path, None)


def test_only_the_model_that_the_setting_names_is_loaded_whatever_lies_beside_it(tmp_path: Path) -> None:
    path = archive(tmp_path, "metadata.json")
    record(path)
    right = (tmp_path / "model.tar.gz.sha256").read_text("ascii").split()[0]
    verify(path, right.upper())
    with pytest.raises(ModelRefused, match="not the model that BAITIAO_MODEL_SHA256 names"):
        verify(path, "0" * 64)


@pytest.mark.slow
def test_the_server_says_what_is_wrong_with_its_model_and_ends_with_1(tmp_path: Path) -> None:
    path = archive(tmp_path, "metadata.json")
    path.write_bytes(path.read_bytes()[:60])
    environment = {**os.environ, "BAITIAO_TOKEN_SECRET": SECRET, "BAITIAO_ACTIONS_SECRET": SECRET, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot.cli", "serve", "web", "--model", str(path)]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (1, f"{path} cannot be read (EOFError)")
    assert "Traceback" not in ended.stderr


def test_what_is_asked_for_first_stands_first_and_nothing_is_compressed(tmp_path: Path) -> None:
    folder = special("components/empty", tarfile.DIRTYPE)
    model = archive(tmp_path, folder, "components/train.json", "metadata.json", "components/weights.npy")
    lay_out(model)
    with tarfile.open(model, "r:gz") as made:
        assert made.getnames() == ["metadata.json", "components/empty", "components/train.json", "components/weights.npy"]
        assert made.extractfile("components/weights.npy").read() == b"{}"  # type: ignore[union-attr]
    assert b"components/weights.npy" in model.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.tar.gz"]
