"""Learning the lexicon's persons from articles and tables of office holders (`kgx lexicon build`)."""
