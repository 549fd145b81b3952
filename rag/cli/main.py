"""The commands of `python -m rag`. They parse, call the library and print; their JSON is a contract."""

from __future__ import annotations

import sys

import typer

from rag.cli.console import Data, errors
from rag.cli.on_demand import OnDemand
from rag.errors import BylineError

app = typer.Typer(
    cls=OnDemand, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    rich_markup_mode=None, help="Ask a library of articles, and follow every sentence to its passage.",
)  # fmt: skip


@app.callback()
def _before_every_command(data: Data = None) -> None:
    """Accept --data before the command too; the option's callback passes it on."""


def main() -> None:
    """Run the command line. A BylineError prints one line and exits with status 1."""
    try:
        app()
    except BylineError as error:
        errors.print(f"byline: {error}")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        errors.print("byline: stopped. Finished work is kept; run the command again to continue.")
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader of the pipe has closed it, as `head` does
        sys.stderr.close()
        raise SystemExit(1) from None
