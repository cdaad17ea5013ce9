"""Where a filler can stand: the sources that a frame's slot may name, by name.

A source takes the `Setting` of a trigger and the slot, and returns `Filler`s: an entity's name with
its type, or words as written (type None).
"""

from __future__ import annotations

from collections.abc import Mapping

from kgx.nlp import actors, described, fields, invitations, objects, themes
from kgx.nlp.actors import Source

SOURCES: Mapping[str, Source] = {
    "subject": actors.subject,
    "speaker": actors.speaker,
    "other": actors.other,
    "definite": objects.definite,
    "held": objects.held,
    "object-place": objects.object_place,
    "within-object": objects.within_object,
    "parties": actors.parties,
    "sides": actors.sides,
    "near": actors.near,
    "just-before": actors.just_before,
    "member-before": actors.member_before,
    "owner": actors.owner,
    "asked": actors.asked,
    "banned": actors.banned,
    "giver": actors.giver,
    "held-office": actors.held_office,
    "held-of": actors.held_of,
    "alongside": actors.alongside,
    "pair": actors.pair,
    "whose": objects.whose,
    "agent": actors.agent,
    "subject-place": actors.subject_place,
    "struck": actors.struck,
    "greeted": actors.greeted,
    "addressee": themes.addressee,
    "disposed": themes.disposed,
    "invited-one": invitations.invited_one,
    "invited-to": invitations.invited_to,
    "object": objects.object_,
    "object-names": objects.object_names,
    "title": objects.title,
    "title-lost": objects.title_lost,
    "witnessed": objects.witnessed,
    "seen-by": actors.seen_by,
    "levied": objects.levied,
    "theme": themes.theme,
    "aimed-at": themes.aimed_at,
    "at-text": themes.at_text,
    "before": themes.before,
    "before-this": themes.before_this,
    "urged": themes.urged,
    "obliged": themes.obliged,
    "modifier": fields.modifier,
    "domain": fields.domain,
    "framework": fields.framework,
    "word": themes.word,
    "span": themes.span,
    "same-event": themes.same_event,
    "same-place": themes.same_place,
    "inside": described.inside,
    "guest": described.guest,
    "host-state": described.host_state,
    "welcomed": described.welcomed,
    "to-gathering": described.to_gathering,
    "is-said": described.is_said,
    "described": described.described,
    "doer": described.doer,
    "given": described.given,
    "stricken": described.stricken,
    "stricken-place": described.stricken_place,
    "arriving": described.arriving,
    "beside": described.beside,
    "people": actors.people,
    "voices": actors.voices,
    "whom-next": actors.whom_next,
    **{
        case: actors.by_case(case)
        for case in ("with", "to", "for", "at", "by", "invited", "disposal", "from", "about")
    },
}
