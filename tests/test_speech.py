from tests.reading import facts, only, read


def speakers(text):
    return [note.speaker if note.in_speech else None for note in read(text)[1].clauses]


def test_speech_begins_after_the_verb():
    assert speakers("普京表示，俄方支持这一方案。") == [None, "普京"]


def test_speech_goes_on_over_sentences_to_the_next_speaker():
    text = "习近平指出，中方重视两国关系。中方支持法国办好奥运会。马克龙表示，法方感谢中方的支持。"
    found = {fact.evidence: fact.source for fact in facts(text, "Stance")}
    assert found == {"中方支持法国办好奥运会": "习近平", "法方感谢中方的支持": "马克龙"}


def test_speech_same_speaker_with_the_subject_left_out():
    text = "习近平指出，中方支持法国办好奥运会。习近平强调，中方反对单边制裁。还表示，中方赞赏法方的立场。"
    assert {fact.source for fact in facts(text, "Stance")} == {"习近平"}


def test_speech_ends_with_its_paragraph():
    text = "元首会谈\n\n普京表示，俄方支持这一方案。\n\n法国反对这一方案。\n"
    sources = {fact.roles["holder"]: fact.source for fact in facts(text, "Stance")}
    assert sources == {("俄罗斯",): "普京", ("法国",): None}


def test_speech_holder_is_the_party_and_the_speaker_stands_beside_it():
    one = only("外交部发言人毛宁表示，中方反对单边制裁。", "Stance")
    assert one.roles["holder"] == ("中国",)
    assert one.source == "毛宁"


def test_speech_without_a_party_the_holder_is_the_speaker():
    one = only("古特雷斯表示，反对一切形式的恐怖主义。", "Stance")
    assert one.roles["holder"] == ("古特雷斯",)


def test_speech_nouns_are_no_verbs_of_speech():
    assert speakers("马克龙的声明书长达十页，法国支持这一方案。") == [None, None]


def test_speech_what_is_said_of_talks_in_speech_is_past():
    text = "普京表示，我同习近平举行会谈，俄方支持这一方案。"
    assert all(fact.status == "past" for fact in facts(text, "Meet"))


def test_speech_goes_on_in_a_paragraph_that_says_we():
    text = "主旨演讲\n\n习近平指出，经济需要合作。\n\n我们要恪守一个中国原则。\n\n王毅出席。\n"
    (one,) = facts(text, "Stance")
    assert (one.roles["holder"], one.source) == (("习近平",), "习近平")


def test_speech_proposals_are_the_words_of_who_made_them():
    text = "主旨演讲\n\n李强就深化合作提出两点建议：\n\n一是开放市场。二是反对保护主义。\n"
    (one,) = facts(text, "Stance")
    assert (one.roles["holder"], one.source) == (("李强",), "李强")


def test_speech_ends_where_a_person_is_named_without_office():
    text = "李强表示，中方重视两国关系。马克龙欢迎李强访问法国。"
    (one,) = facts(text, "Stance")
    assert (one.roles["holder"], one.source) == (("马克龙",), None)


def test_speech_about_two_persons_named_with_office_goes_on():
    text = "李强表示，中方重视两国关系。习近平主席和马克龙总统商定建立对话机制。"
    assert only(text, "Agree").source == "李强"


def test_speech_goes_on_where_the_speaker_says_what_he_and_another_hold():
    text = "习近平同普京举行会谈。习近平指出，我同普京总统一致认为，合作重要。双方认为这很好。中方反对制裁。"
    (one,) = facts(text, "Stance")
    assert (one.roles["holder"], one.source) == (("中国",), "习近平")


def test_speech_of_a_leader_goes_on_where_the_state_holds_something():
    text = "毛里求斯总理贾格纳特表示，毛里求斯重申坚持一个中国原则，支持中国维护主权。"
    assert {fact.source for fact in facts(text, "Stance")} == {"贾格纳特"}


def test_speech_ends_where_the_sentence_begins_as_the_reporter_does():
    text = "普京表示，俄方支持这一方案。峰会期间，中国和法国签署联合声明。"
    assert only(text, "Sign").source is None


def test_speech_subject_goes_on_after_a_semicolon():
    text = "王毅表示，中方将坚持互利共赢；支持非洲加快发展；反对单边制裁。"
    found = {fact.roles["target"][0]: fact.roles["holder"] for fact in facts(text, "Stance")}
    assert found["非洲加快发展"] == found["单边制裁"] == ("中国",)


def test_speech_quoted_within_speech_is_that_of_whom_it_quotes():
    one = only("泽连斯基援引拜登的话说，美国将向乌克兰提供一批坦克。", "Aid")
    assert (one.source, one.status) == ("拜登", "planned")
