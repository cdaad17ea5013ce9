from tests.reading import facts


def where(text):
    return {(fact.roles["place"][0], fact.roles["in"][0]) for fact in facts(text, "Located")}


def test_locate_a_place_in_the_country_right_before_it():
    assert ("远东地区", "俄罗斯") in where("论坛在俄罗斯远东地区举行。") or (
        "俄罗斯远东地区", "俄罗斯",
    ) in where("论坛在俄罗斯远东地区举行。")  # fmt: skip


def test_locate_a_venue_by_the_city_in_its_name():
    assert where("3月2日，习近平在北京人民大会堂会见马克龙。") == {("北京人民大会堂", "北京")}


def test_locate_leaves_names_that_only_look_so():
    assert where("各方讨论朝鲜半岛局势。") == set()
    assert where("中国反对在台湾海峡制造紧张局势。") == set()


def test_locate_reads_statements_of_place():
    assert ("人民大会堂", "北京") in where("人民大会堂位于北京。")
    assert ("台湾", "中国") in where("台湾是中国领土不可分割的一部分。")


def test_locate_by_direction_and_capital():
    assert ("汗尤尼斯", "加沙地带") in where("以军在加沙地带南部城市汗尤尼斯发动袭击。")
    assert ("德黑兰", "伊朗") in where("双方在伊朗首都德黑兰会谈。")


def test_locate_puts_no_region_of_several_states_in_one():
    assert where("中国政府中东问题特使翟隽抵达开罗。") == set()


def test_locate_takes_the_city_and_not_the_venue_in_a_name():
    assert ("上海西郊会议中心广场", "上海") in where("欢迎仪式在上海西郊会议中心广场举行。")


def test_locate_a_body_that_lies_somewhere_does_not_act_there():
    assert where("外交部对位于巴黎的一所学校作了介绍。") == set()
