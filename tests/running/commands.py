"""Runs the operator's commands on a platform as somebody does whose output goes into a pipe."""

from click.testing import CliRunner, Result

from unionctl.main import main
from unionctl.platform import Platform


def unionctl(platform: Platform, *arguments: str) -> Result:
    """What a command prints and how it ends."""
    return CliRunner().invoke(main, ["--run-dir", str(platform.directory.path), *arguments])
