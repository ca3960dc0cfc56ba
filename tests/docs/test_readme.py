"""What the README shows is what happens: its commands run against a platform that holds the demo year."""

import re
import subprocess

import pytest

from tests.conftest import ROOT, Running

README = (ROOT / "README.md").read_text("utf-8")
#: A block that is run, and a line that it prints.
BLOCK = re.compile(r"<!-- tested -->\n```bash\n(.*?)```", re.DOTALL)
SHOWN = re.compile(r"^#> (.*)$", re.MULTILINE)
#: The sentences of the demo, in each language.
SENTENCE = re.compile(r"^ +(.*2023.*20(?:场。| activities\.))$", re.MULTILINE)

pytestmark = pytest.mark.slow


def test_the_demo_prints_the_sentences_that_the_readme_shows(running: Running) -> None:
    shown = SENTENCE.findall(README)
    assert len(shown) == 2
    assert SENTENCE.findall(running.told) == shown


def test_the_commands_of_the_readme_print_what_it_shows(running: Running) -> None:
    platform = running.platform
    blocks = BLOCK.findall(README)
    script = "\n".join(["set -euo pipefail", *blocks])
    script = script.replace("http://127.0.0.1:8600", platform.url).replace(".run/", f"{platform.directory.path}/")
    done = subprocess.run(["bash"], input=script, check=False, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == [line for block in blocks for line in SHOWN.findall(block)], done.stderr
