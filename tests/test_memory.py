from __future__ import annotations

from pathlib import Path

from rag import memory


def test_what_linux_tells_is_read_and_what_nobody_tells_is_unknown(tmp_path: Path) -> None:
    told = tmp_path / "meminfo"
    told.write_text("MemTotal:       24683000 kB\nMemFree:  1 kB\nMemAvailable:   20791000 kB\n")
    assert memory.available(told) == 20_791_000 * 1024
    told.write_text("something else")
    assert memory.available(told) is None and memory.available(tmp_path / "none") is None


def test_a_model_needs_more_than_its_file() -> None:
    assert 639_000_000 <= memory.needed(491_400_064) < 700_000_000
    assert 1_345_000_000 <= memory.needed(1_117_320_768) < 1_500_000_000
