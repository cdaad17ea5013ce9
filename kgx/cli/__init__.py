"""The command line: parses options and calls plain functions of the package; nothing else."""

from kgx.cli.app import main

__all__ = ["main"]
