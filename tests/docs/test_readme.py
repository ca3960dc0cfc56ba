"""What the README shows is what happens: its commands run against a platform that holds the demo year."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from unionctl.platform import Platform

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
#: A block that is run, and a line that it prints.
BLOCK = re.compile(r"<!-- tested -->\n```bash\n(.*?)```", re.DOTALL)
SHOWN = re.compile(r"^#> (.*)$", re.MULTILINE)
#: The sentences of the demo, in each language.
SENTENCE = re.compile(r"^ +(.*2023-09-30.*20.*[。.])$", re.MULTILINE)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with tempfile.TemporaryDirectory() as path:
        platform = Platform(Path(path))
        try:
            yield platform
        finally:
            platform.stop()


@pytest.fixture(scope="module")
def told(platform: Platform) -> str:
    """What the demo printed."""
    command = [sys.executable, "-m", "unionctl.main", "--run-dir", str(platform.directory.path), "demo"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_the_demo_prints_the_sentences_that_the_readme_shows(told: str) -> None:
    shown = SENTENCE.findall(README)
    assert len(shown) == 2
    assert SENTENCE.findall(told) == shown


def test_the_commands_of_the_readme_print_what_it_shows(platform: Platform, told: str) -> None:
    blocks = BLOCK.findall(README)
    script = "\n".join(["set -euo pipefail", *blocks])
    script = script.replace("http://127.0.0.1:8600", platform.url).replace(".run/", f"{platform.directory.path}/")
    done = subprocess.run(["bash"], input=script, check=False, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == [line for block in blocks for line in SHOWN.findall(block)], done.stderr
