"""Component `kgx_facts`: reads the facts of a document, sentence by sentence, by the case frames."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from spacy.language import Language
from spacy.tokens import Doc

from kgx.facttypes import FactType, fact_types, fault
from kgx.lexicon import Lexicon, load_lexicon, states_of
from kgx.model import Document, Entity, Fact, Mention, Position
from kgx.nlp.clauses import Clause, Parser
from kgx.nlp.consolidate import Draft, consolidate
from kgx.nlp.context import Context, load_context
from kgx.nlp.course import carried_on, note, where
from kgx.nlp.cutting import cut
from kgx.nlp.dating import date_of
from kgx.nlp.frames import FrameBook, Trigger, load_frames
from kgx.nlp.grammar import Grammar, load_grammar
from kgx.nlp.guards import refusal
from kgx.nlp.layers import Sentence, Words, given_text, normal_text, register, show
from kgx.nlp.locate import locate
from kgx.nlp.reference import Discourse, Pronouns, homes, load_pronouns, offices, ranks
from kgx.nlp.reporting import goes_on, issuer, narrates, own_words, quoted, voices
from kgx.nlp.setting import Setting, relative_head, subject_of, topic
from kgx.nlp.slots import distribute, extent, fill_all, lacking
from kgx.nlp.speech import Speech, load_speech
from kgx.nlp.status import status_at
from kgx.nlp.trace import ClauseNote, Fate, Log, TriggerNote
from kgx.nlp.view import View, make_view, named
from kgx.rulebook import RuleFolder

FACT_REGIONS = frozenset({"title", "subtitle", "caption", "body"})


@dataclass(frozen=True, slots=True)
class FactReader:
    """Everything that is compiled once: frames, grammar, reference, speech, status."""

    types: Mapping[str, FactType]
    book: FrameBook
    grammar: Grammar
    pronouns: Pronouns
    speech: Speech
    context: Context
    lexicon: Lexicon
    located: Mapping[str, str]

    def read(
        self,
        text: str,
        sentences: Sequence[Sentence],
        mentions: Sequence[Mention],
        discourse: Discourse,
        view: View,
        log: Log | None = None,
    ) -> Iterator[Draft]:
        """Yield the facts of every sentence that may make any, in order, not yet merged.

        What was read and refused on the way is noted in `log`, where one is given.
        """
        triggers = list(self.book.triggers(view.masked, view.bounds, log))
        starts = [t.start for t in triggers]
        mention_starts = [m.start for m in mentions]
        parser = Parser(self.grammar, view, discourse.resolve, discourse.office)
        discourse.voices = voices(self.speech, view)
        if len(discourse.voices) == 2 and any(item.pronoun == "persons" for item in view.items):
            discourse.persons = discourse.voices[0][1], discourse.voices[1][1]
        paragraph_end: dict[int, int] = {}
        for sentence in sentences:
            paragraph_end[sentence.paragraph] = sentence.end
        paragraph = -1
        for sentence in sentences:
            if sentence.kind not in FACT_REGIONS or sentence.repeat:
                continue
            if sentence.paragraph != paragraph:
                paragraph = sentence.paragraph
                if sentence.kind == "subtitle":
                    discourse.head(sentence.start, sentence.end)
                if not goes_on(self.speech, sentence, view, discourse):
                    discourse.speaker, discourse.in_speech = None, False
                here = bisect_left(mention_starts, sentence.start)
                discourse.enter(mentions[here : bisect_left(mention_starts, paragraph_end[paragraph])])
            if (
                log is None
                and not discourse.in_speech
                and not named(view.masked, sentence.start, sentence.end)
            ):
                continue  # nobody acts here
            found = triggers[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
            yield from self._sentence(sentence, found, parser, discourse, log)

    def _sentence(
        self,
        sentence: Sentence,
        triggers: Sequence[Trigger],
        parser: Parser,
        discourse: Discourse,
        log: Log | None,
    ) -> Iterator[Draft]:
        """Parse all clauses first, noting who speaks in each; then let the triggers fire in order."""
        view = parser.view
        discourse.sentence_start = sentence.start
        if self.speech.narrates_again(view.text, sentence.start):
            discourse.speaker, discourse.in_speech = None, False
        clauses = carried_on(discourse, self.grammar, view, sentence.start)
        before = len(clauses)
        spoken: list[tuple[int, str | None, bool]] = [(0, discourse.speaker, discourse.in_speech)] * before
        first = 0  # of the same voice
        parts = [
            (start, end, stop, self.speech.verb_end(view, start, end))
            for start, end, stop in cut(view, sentence.start, sentence.end)
        ]
        silent = not triggers and all(part[3] is None for part in parts)
        if silent and log is None and sentence.kind != "title":
            discourse.last = discourse.last_voice = ()
            return  # nothing can fire, and nobody begins to speak
        for start, end, stop, verb_end in parts:
            pieces = (
                [(start, end, stop)] if verb_end is None else [(start, verb_end, ""), (verb_end, end, stop)]
            )
            for part, (a, b, mark) in enumerate(pieces):
                if a >= b:
                    continue
                clauses.append(parser.clause(a, b, mark))
                if len(clauses) == before + 1 and narrates(clauses[-1], discourse, parser):
                    discourse.speaker, discourse.in_speech = None, False
                spoken.append((first, discourse.speaker, discourse.in_speech))
                if log is not None:
                    log.clauses.append(ClauseNote(clauses[-1], discourse.speaker, discourse.in_speech))
                if verb_end is not None and part == 0 and self._speaks(clauses, first, discourse):
                    first = len(clauses)
        discourse.last, discourse.last_voice = clauses, clauses[first:]
        if sentence.kind == "title":
            discourse.issuer = discourse.issuer or issuer(self.speech, view, clauses)
        after = discourse.speaker, discourse.in_speech
        for trigger in triggers:
            at = next((i for i, c in enumerate(clauses) if c.start <= trigger.start < c.end), None)
            if at is not None:
                start, discourse.speaker, discourse.in_speech = spoken[at]
                yield from self._fire(trigger, clauses, at, start, parser, discourse, sentence, log)
        discourse.speaker, discourse.in_speech = after

    def _speaks(self, clauses: Sequence[Clause], first: int, discourse: Discourse) -> bool:
        """Note the speaker that the last clause, one of speech, names; False where the same one goes on."""
        clause = clauses[-1]
        subject = clause.subject
        cited = quoted(self.speech, discourse.view, clause, self.grammar.genitive)
        if cited is not None:
            discourse.speaker, discourse.in_speech = cited, True
            return True
        if discourse.in_speech and subject is not None and own_words(subject, discourse):
            return True  # 我同乙一致认为, 双方认为 in what somebody says
        if subject is None and not clause.blocked:
            subject = next((c.subject for c in reversed(clauses[first:-1]) if c.subject), None)
            if subject is None or discourse.in_speech:
                discourse.in_speech = discourse.speaker is not None
                return False
        discourse.in_speech = True
        discourse.speaker = subject.names[0] if subject and len(subject.names) == 1 else None
        return discourse.speaker is not None or subject is None  # several go on as the subject

    def _fire(
        self,
        trigger: Trigger,
        clauses: Sequence[Clause],
        at: int,
        first: int,
        parser: Parser,
        discourse: Discourse,
        sentence: Sentence,
        log: Log | None,
    ) -> Iterator[Draft]:
        frame, clause = trigger.frame, clauses[at]
        stop = self._stop(parser.view, trigger, clause)
        setting = Setting(self.grammar, parser, discourse, clauses, at, first, trigger, stop)
        if frame.relative:
            head = relative_head(setting)
            if head is not None:
                setting = replace(setting, stop=min(stop, head[0]), head=head[1])
        refused = refusal(setting, sentence, partial(status_at, self.context))
        roles = {} if refused else fill_all(setting, frame, self.types[frame.emits])
        dated = "date" in frame.any and date_of(setting) is not None
        short = "" if refused else lacking(frame, roles, dated)
        if refused or short:
            if log is not None:
                log.triggers.append(
                    TriggerNote(frame.name, frame.emits, trigger.lead, trigger.end, refused or "need", short)
                )
            return
        start, end = extent((f for fillers in roles.values() for f in fillers), trigger.lead, clause.end)
        subject = subject_of(setting)
        if subject is not None and subject.names:
            start = min(start, subject.start)
        start = next((c.start for c in clauses if c.start <= start < c.end), clause.start)
        end = next((c.end for c in clauses if c.start < end <= c.end), clause.end)
        dated = frame.dated and self.types[frame.emits].dated
        written = [f for fillers in roles.values() for f in fillers if f.type is None]
        status = status_at(self.context, setting, frame.status, frame.in_speech, written)
        date = date_of(setting, written) if dated and setting.head is None else None
        if any(word in setting.rest for word in frame.past_with):
            status, date = "past", None  # an anniversary says nothing of the day itself
        word = parser.view.text[trigger.start : trigger.end]
        code = frame.plover.code(word) if frame.plover is not None else None
        spread = self.grammar.apart.search(parser.view.masked, clause.start, trigger.start) is not None
        spread = spread or frame.apart and subject is not None and len(subject.names) == 1
        made = 0
        for one in distribute(frame.each, frame.mutual, roles, spread):
            made += 1
            note(setting, one, status, sentence)
            one |= where(setting, one, sentence)
            yield Draft(
                type=frame.emits,
                roles={role: tuple(f.text for f in fillers) for role, fillers in one.items()}
                | _fixed(frame.set),
                types={f.text: f.type for fillers in one.values() for f in fillers},
                status=status,
                start=start,
                end=end,
                rule=frame.name,
                confidence=frame.confidence,
                date=date,
                source=discourse.speaker if discourse.in_speech else None,
                code=code,
                in_speech=discourse.in_speech,
                dated=dated,
                anchor=frame.anchor,
                aside=setting.head is not None,
                of_main=any(f.text in (discourse.event, discourse.met) for f in one.get("event", ())),
                kind=sentence.kind,
                theme=discourse.theme,
            )
        if log is not None:  # the drafts yielded above are the last ones noted
            places = tuple(range(len(log.drafts) - made, len(log.drafts)))
            log.triggers.append(
                TriggerNote(frame.name, frame.emits, trigger.lead, trigger.end, drafts=places)
            )

    def _stop(self, view: View, trigger: Trigger, clause: Clause) -> int:
        """Where the object of a trigger ends: at the next serial verb, or with the clause.

        Those of a relative clause before a person (会见*来华出席论坛并进行访问的乙) end nothing. What is
        spoken about ends before the verb of that: 就甲袭击*乙*举行会议.
        """
        about = topic(self.grammar, view, trigger, clause)
        if about is not None:
            return about[1]
        stop = next(self.grammar.whole(self.grammar.serial, view, trigger.end, clause.end), clause.end)
        slots = trigger.frame.slots.values()
        if view.tags[trigger.end : trigger.end + 1] == "v" and any("Person" in slot.types for slot in slots):
            mark = view.masked.rfind(self.grammar.genitive, stop, clause.end)
            if mark >= 0:
                return next(self.grammar.whole(self.grammar.serial, view, mark, clause.end), clause.end)
        return stop


def _fixed(values: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {role: (value,) for role, value in values.items()}


def load_reader(folder: RuleFolder) -> FactReader:
    """Compile all rules that facts are read by; raises RuleError where one is wrong."""
    types = fact_types(folder)
    lexicon = load_lexicon(folder)
    grammar = load_grammar(folder)
    return FactReader(
        types=types,
        book=load_frames(folder, types),
        grammar=grammar,
        pronouns=load_pronouns(folder),
        speech=load_speech(folder),
        context=load_context(folder),
        lexicon=lexicon,
        located=states_of(lexicon),
    )


class FactComponent:
    """Sets `doc._.kgx_facts` and `doc.spans["kgx_facts"]`."""

    def __init__(self, reader: FactReader) -> None:
        """`reader`: the compiled rules."""
        self.reader = reader

    def __call__(self, doc: Doc) -> Doc:
        """Read the facts of `doc`, whose mentions, dates and positions stand in their layers."""
        return self.read(doc)

    def read(self, doc: Doc, log: Log | None = None) -> Doc:
        """As a call of the component; what was read, refused and merged is noted in `log`, if given."""
        text = normal_text(doc)
        layers = doc._
        document: Document | None = layers.kgx_document
        mentions: Sequence[Mention] = layers.kgx_mentions
        positions: Sequence[Position] = layers.kgx_positions
        words: Words | None = layers.kgx_words
        entities: Sequence[Entity] = layers.kgx_entities
        reader = self.reader
        sentences: Sequence[Sentence] = layers.kgx_sentences or (Sentence(0, len(text), "body", 0),)
        types = {entity.name: entity.type for entity in entities}
        told = [s for s in sentences if s.kind in FACT_REGIONS and not s.repeat]
        mentions = _inside(mentions, told)  # an agency in the dateline is no 该组织
        view = make_view(
            text, mentions, layers.kgx_dates, reader.pronouns.find(text), words, reader.book.verbs
        )
        home, kinds = homes(positions, entities, reader.located), reader.pronouns.kinds
        rank = ranks(positions, reader.grammar.kind_of)
        discourse = Discourse(view, types, home, offices(positions), rank, kinds)
        drafts = [] if log is None else log.drafts
        for draft in reader.read(text, sentences, mentions, discourse, view, log):
            drafts.append(draft)
        drafts += locate(view, told, mentions, reader.lexicon, reader.grammar)
        made = consolidate(
            drafts, document.date if document else None, reader.types, log, reader.grammar.plain
        )
        facts: list[Fact] = []
        stopped: list[str] = []
        known = dict(types)
        for at, draft in enumerate(made):
            if draft.type == "Located" and draft.roles["in"][0] not in known:
                container = _container(draft.roles["in"][0], reader.lexicon)
                if container is not None:
                    known[container.name] = container.type
                    layers.kgx_entities = (*layers.kgx_entities, container)
            fact = _fact(draft, given_text(doc))
            why = fault(fact, known, reader.types, discourse.home)
            if why is None:
                facts.append(fact)
            else:
                stopped.append(why)
            if why is not None and log is not None:
                log.fates = [Fate("schema", at, why) if fate.at == at else fate for fate in log.fates]
        layers.kgx_facts = tuple(facts)
        layers.kgx_stopped = tuple(stopped)
        show(doc, "kgx_facts", ((f.start, f.end, f.type) for f in facts))
        return doc


def _inside(mentions: Sequence[Mention], sentences: Sequence[Sentence]) -> list[Mention]:
    """The mentions that stand in one of the sentences, both in the order of the text."""
    starts = [mention.start for mention in mentions]
    parts = (mentions[bisect_left(starts, s.start) : bisect_left(starts, s.end)] for s in sentences)
    return list(chain.from_iterable(parts))


def _container(name: str, lexicon: Lexicon) -> Entity | None:
    """A place known by its name inside another name (撒马尔罕国宾馆), as an entity without a surface."""
    found = [e for e in lexicon.surfaces.get(name, ()) if e.name == name and e.type in ("Country", "Place")]
    if len(found) != 1:
        return None
    (one,) = found
    return Entity(one.name, one.type, (), one.key, one.qid, one.en, one.kind)


def _fact(draft: Draft, text: str) -> Fact:
    return Fact(
        type=draft.type,
        roles={role: fillers for role, fillers in draft.roles.items() if fillers},
        status=draft.status,
        evidence=text[draft.start : draft.end],
        start=draft.start,
        end=draft.end,
        rule=draft.rule,
        confidence=draft.confidence,
        date=draft.date,
        source=draft.source,
        code=draft.code,
    )


@Language.factory("kgx_facts", default_config={"rules": None})
def make_facts(nlp: Language, name: str, *, rules: str | None) -> FactComponent:
    """Make the component; `rules` is a folder laid over the shipped rules, or None."""
    register()
    return FactComponent(load_reader(RuleFolder(rules)))
