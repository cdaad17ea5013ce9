"""Component `kgx_mentions`: decides between candidates, and lists the entities of the document.

The policy, in order: the longest candidate wins; of equals the surer source; of one surface with
several entries the one that the rest of the document speaks for. What won once wins everywhere: each
surface of the document's entities is looked for in the whole text (`kgx.nlp.entities`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from kgx.lexicon import Lexicon, load_lexicon
from kgx.model import Mention
from kgx.nlp.entities import Registry, resolve
from kgx.nlp.gazetteer import nameless_of, nameless_spans, outside
from kgx.nlp.layers import Candidate, given_text, normal_text, register, show
from kgx.nlp.scene import choose
from kgx.nlp.senses import Senses
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.names import GazetteerRules

# Of two candidates of one span the source that stands first here wins.
SOURCES = ("group", "title", "lexicon", "pattern", "side", "single", "model", "document")


def mentions_of(chosen: Sequence[Candidate], registry: Registry) -> tuple[Mention, ...]:
    """Mentions of the chosen candidates, under the entities' names in the document."""
    out = []
    for candidate in chosen:
        names = registry.names(candidate)
        if names:
            out.append(
                Mention(
                    candidate.start, candidate.end, candidate.type, names, candidate.source, candidate.score
                )
            )
    return tuple(out)


class MentionsComponent:
    """Sets `doc._.kgx_mentions`, `doc._.kgx_entities` and `doc.spans["kgx_mentions"]`."""

    def __init__(self, lexicon: Lexicon, senses: Senses, nameless: re.Pattern[str] | None = None) -> None:
        """`lexicon`: where identities, labels and kinds come from; `senses`: what names stand for.

        `nameless`: within what it matches no name stands.
        """
        self.lexicon, self.senses, self.nameless = lexicon, senses, nameless

    def __call__(self, doc: Doc) -> Doc:
        """Resolve the candidates of `doc`."""
        text = normal_text(doc)
        apart = nameless_spans(text, self.nameless)
        found = tuple(outside(apart, doc._.kgx_candidates))
        candidates = list(self.senses.settle(text, choose(resolve(found), SOURCES)))
        registry = Registry(self.lexicon, text, given_text(doc), candidates)
        chosen = choose([*candidates, *outside(apart, registry.echoes(candidates))], SOURCES)
        layers, mentions = doc._, mentions_of(chosen, registry)
        layers.kgx_mentions = mentions
        layers.kgx_entities = registry.entities(chosen)
        show(doc, "kgx_mentions", ((m.start, m.end, m.type) for m in mentions))
        return doc


@Language.factory("kgx_mentions", default_config={"rules": None})
def make_mentions(nlp: Language, name: str, rules: str | None) -> MentionsComponent:
    """Make the component; `rules` is a folder laid over the shipped rules."""
    register()
    folder = RuleFolder(rules)
    lexicon = load_lexicon(folder)
    (gazetteer,) = load_yaml(folder.find("gazetteer.yml"), GazetteerRules)
    return MentionsComponent(lexicon, Senses(lexicon, gazetteer), nameless_of(gazetteer))
