"""Triple stores: the embedded one, servers over HTTP, queries, ready-made questions, an endpoint."""
