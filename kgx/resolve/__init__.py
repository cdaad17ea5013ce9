"""Which things of different documents are one: entities, and the facts about them."""
