"""The tables of a state, as SQLite makes them, and queries for the places of blocks."""

from __future__ import annotations

FORM = 2  # of the tables; another number is another form
TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE document (id BLOB PRIMARY KEY, digest BLOB, body BLOB, tally BLOB);
CREATE TABLE named (key BLOB, id BLOB, body BLOB, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE TABLE context (key BLOB, id BLOB, own BLOB, body BLOB, person BLOB, PRIMARY KEY (key, id, own))
    WITHOUT ROWID;
CREATE TABLE held (key BLOB, id BLOB, body BLOB);
CREATE TABLE report (bucket BLOB, id BLOB, body BLOB);
CREATE TABLE edge (ground BLOB, start BLOB, name TEXT, end BLOB);
CREATE TABLE entity (key BLOB PRIMARY KEY, type INT, body BLOB, support INT) WITHOUT ROWID;
CREATE TABLE fact (key BLOB PRIMARY KEY, type TEXT) WITHOUT ROWID;
CREATE TABLE topic (word BLOB PRIMARY KEY, support INT) WITHOUT ROWID;
CREATE TABLE block (file TEXT, section INT, key BLOB, length INT, PRIMARY KEY (file, section, key))
    WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX named_id ON named (id);
CREATE INDEX context_id ON context (id);
CREATE INDEX held_key ON held (key);
CREATE INDEX held_id ON held (id);
CREATE INDEX report_bucket ON report (bucket);
CREATE INDEX report_id ON report (id);
CREATE INDEX edge_start ON edge (start);
CREATE INDEX edge_ground ON edge (ground);
"""
LENGTH = """
SELECT coalesce(sum(length), 0) FROM block
WHERE file = ? AND (section, key) >= (?, ?) AND (section, key) < (?, ?)
"""
BLOCK = "SELECT length FROM block WHERE file = ? AND section = ? AND key = ?"
