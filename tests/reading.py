"""Texts read by the real pipeline, for tests of the fact stages."""

from functools import lru_cache

from kgx.model import Document
from kgx.nlp.pipeline import make_pipeline, read_document
from kgx.nlp.trace import Log
from kgx.readers.page import annotate

TODAY = "2024-03-05"
pipeline = lru_cache(maxsize=1)(make_pipeline)


def read(text, date=TODAY):
    """The Doc of a text and the log of its reading; a text of several lines is read as a page."""
    log, document = Log(), Document("text", text, date)
    return read_document(pipeline(), annotate(document) if "\n" in text else document, log), log


def facts(text, kind=None, date=TODAY):
    """The facts of a text, of one type where one is named."""
    return [fact for fact in read(text, date)[0]._.kgx_facts if kind in (None, fact.type)]


def only(text, kind, date=TODAY):
    """The one fact of a type in a text."""
    (one,) = facts(text, kind, date)
    return one


def clauses(text):
    """The clauses of a text, in order."""
    return [note.clause for note in read(text)[1].clauses]
