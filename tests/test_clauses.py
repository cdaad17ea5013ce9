from tests.reading import clauses, only


def cases(text):
    return {phrase.case: phrase.names for clause in clauses(text) for phrase in clause.phrases}


def test_clauses_take_an_apposition_for_one_name():
    (clause,) = clauses("法国总统马克龙会见德国总理朔尔茨。")
    assert [phrase.names for phrase in clause.phrases] == [("马克龙",), ("朔尔茨",)]
    assert clause.subject is clause.phrases[0]


def test_clauses_join_coordinated_names_in_one_phrase():
    (clause,) = clauses("法国、德国和意大利支持这一方案。")
    assert clause.subject.names == ("法国", "德国", "意大利")


def test_clauses_close_a_list_with_et_cetera():
    (clause,) = clauses("法国、德国等支持这一方案。")
    assert clause.subject.names == ("法国", "德国")
    assert clause.subject.tail == ""


def test_clauses_give_each_role_marker_its_case():
    found = cases("习近平在北京同普京举行会谈。")
    assert found == {None: ("习近平",), "at": ("北京",), "with": ("普京",)}
    assert cases("中国向汤加提供援助。")["to"] == ("汤加",)
    assert cases("论坛由外交部主办。")["by"] == ("外交部",)


def test_clauses_keep_the_noun_that_heads_a_phrase_apart():
    (clause,) = clauses("法国企业支持这一方案。")
    assert clause.phrases[0].names == ("法国",)
    assert clause.phrases[0].tail == "企业"
    assert clause.subject is None
    assert clause.blocked


def test_clauses_see_through_nouns_that_add_nothing():
    (clause,) = clauses("法国政府支持这一方案。")
    assert clause.subject is not None
    assert clause.subject.names == ("法国",)


def test_clauses_mark_a_genitive():
    (clause,) = clauses("法国的企业支持这一方案。")
    assert clause.phrases[0].genitive
    assert clause.subject is None


def test_clauses_pass_dates_and_adverbs_before_a_subject():
    assert clauses("3月2日上午马克龙抵达柏林。")[0].subject.names == ("马克龙",)


def test_clauses_find_the_subject_after_prepositional_phrases():
    assert clauses("由外交部主办的“蓝厅论坛”在北京举行。")[0].subject.names == ("蓝厅论坛",)


def test_clauses_are_cut_at_marks_but_not_in_short_quotations():
    text = "习近平指出，“一个中国，各自表述”没有出路，普京表示赞同。"
    assert [text[c.start : c.end] for c in clauses(text)] == [
        "习近平指出",
        "“一个中国，各自表述”没有出路",
        "普京表示",
        "赞同",
    ]


def test_clauses_share_a_dropped_subject_with_the_clause_before():
    one = only("习近平抵达莫斯科，会见普京。", "Meet")
    assert one.roles["participant"] == ("习近平", "普京")
    one = only("3月2日，习近平抵达莫斯科，在机场发表书面讲话，随后出席欢迎仪式。", "Attend")
    assert one.roles["attendee"] == ("习近平",)


def test_clauses_do_not_share_a_subject_over_another_noun():
    text = "习近平抵达莫斯科，当地民众在街头举行欢迎仪式。"
    from tests.reading import facts

    assert all(fact.roles.get("host") != ("习近平",) for fact in facts(text, "Host"))


def test_clauses_go_on_over_the_commas_of_a_list_of_persons():
    (clause,) = clauses("法国总统马克龙，德国总理朔尔茨，西班牙首相桑切斯等出席论坛。")
    assert clause.subject.names == ("马克龙", "朔尔茨", "桑切斯")
    first, second = clauses("法国总统马克龙抵达柏林，德国总理朔尔茨到机场迎接。")
    assert (first.subject.names, second.subject.names) == (("马克龙",), ("朔尔茨",))


def test_clauses_find_the_subject_that_a_relative_clause_describes():
    (clause,) = clauses("出席论坛的法国总统马克龙同德国总理朔尔茨会谈。")
    assert clause.subject.names == ("马克龙",)


def test_clauses_take_a_spouse_for_another_person():
    (clause,) = clauses("习近平会见马克龙夫人。")
    assert clause.phrases[-1].tail == "夫人"


def test_clauses_an_office_in_two_joined_words_introduces_its_holder():
    (clause,) = clauses("国务委员兼外长王毅出席欢迎仪式。")
    assert clause.subject.names == ("王毅",)


def test_clauses_a_verb_before_a_name_is_no_modifier_of_it():
    (clause,) = clauses("习近平在巴黎会见总统马克龙。")
    assert [(phrase.case, phrase.names) for phrase in clause.phrases] == [
        (None, ("习近平",)), ("at", ("巴黎",)), (None, ("马克龙",)),
    ]  # fmt: skip


def test_clauses_mark_one_who_holds_office_in_a_body_without_a_name():
    assert cases("在同自由进步联盟总书记马克龙会谈时，习近平表示欢迎。")["with"] == ("马克龙",)


def test_clauses_a_spouse_with_an_office_of_her_own_is_the_subject():
    text = "习近平夫人、联合国教科文组织促进女童和妇女教育特使彭丽媛在巴黎参观卢浮宫。"
    assert clauses(text)[0].subject.names == ("彭丽媛",)
