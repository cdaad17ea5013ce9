"""Pipelines whose last stage does what no document should make a process do."""

import os
import re
import signal
import time
from dataclasses import dataclass

from kgx.workers import Recipe


def misbehave(doc):
    """Die, hang or hang for good where the text says so."""
    text = doc._.kgx_document.text
    if "暴毙" in text:
        os._exit(7)
    if "拖延" in text:
        time.sleep(60)
    if "死循环" in text:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(60)
    return doc


def backtrack(document):
    """What a user's pattern for pages may do: try every way to cut the text."""
    if "原地打转" in document.text:
        re.match("(?:打转|打转)*完", "打转" * 60)
    return document


@dataclass(frozen=True, slots=True)
class Hostile(Recipe):
    """The rules alone, and a stage that misbehaves."""

    def cook(self):
        """Make the pipeline."""
        from spacy.language import Language

        Language.component("hostile_stage", func=misbehave)
        nlp = Recipe.cook(self)
        nlp.add_pipe("hostile_stage")
        return nlp


@dataclass(frozen=True, slots=True)
class Stillborn(Recipe):
    """A process that dies before it has a pipeline."""

    def cook(self):
        """Die."""
        os._exit(9)
