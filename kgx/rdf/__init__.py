"""RDF: the vocabulary, the ontology and its shapes, writing and validating graphs."""
