"""Features, nets, parts of a text, and measuring."""

import numpy as np
import pytest
from scipy import sparse

from actions.yaml_source import SourceError
from bot.evaluation.report import Understood, as_text, evaluate
from bot.evaluation.rows import Row, read_rows
from bot.language.dual_intent import Part, complaint_asked_about, focus, two_matters
from bot.language.features import NgramVocabulary, flag_rows, is_wordless
from bot.language.sparse_mlp import Ensemble, NetworkSettings, softmax, split_heads, train_network
from tools.evaluation.thresholds import curve

TEXTS = ["red apple", "red pear", "blue sea", "blue sky"] * 8
TARGETS = np.array([0, 0, 1, 1] * 8)


def test_a_vocabulary_survives_saving(tmp_path):
    vocabulary = NgramVocabulary.learn(TEXTS)
    vocabulary.save(tmp_path / "v.json")
    again = NgramVocabulary.load(tmp_path / "v.json")
    assert (again.rows(TEXTS) != vocabulary.rows(TEXTS)).nnz == 0


def test_rows_have_unit_length_or_none():
    rows = NgramVocabulary.learn(TEXTS).rows(["red", "é"])
    assert rows[0].power(2).sum() == pytest.approx(1.0)
    assert rows[1, :].nnz <= 2


def test_pairs_of_flags_have_places_of_their_own():
    rows = flag_rows([(0, 1), (0, 2), (1, 2), ()], 3, weight=1.0).toarray()
    assert rows.shape == (4, 6)
    assert rows.sum(axis=1).tolist() == [3, 3, 3, 0]
    assert rows[:, 3:].sum(axis=0).tolist() == [1, 1, 1]


SETTINGS = NetworkSettings(hidden=16, epochs=20, seeds=(1, 2))


def test_nets_learn_repeat_and_survive_storing():
    features = NgramVocabulary.learn(TEXTS).rows(TEXTS)
    nets = Ensemble.train(features, [TARGETS], [2], SETTINGS)
    assert (nets.logits(features).argmax(axis=1) == TARGETS).all()
    assert np.allclose(nets.logits(features), Ensemble.train(features, [TARGETS], [2], SETTINGS).logits(features))
    assert np.allclose(nets.logits(features), Ensemble.from_arrays(nets.arrays()).logits(features))
    assert np.allclose(softmax(nets.logits(features)).sum(axis=1), 1)


def test_each_head_learns_its_own_question():
    features = NgramVocabulary.learn(TEXTS).rows(TEXTS)
    kinds = np.array([0, 1, 2, 3] * 8)
    colours, found = split_heads(Ensemble.train(features, [TARGETS, kinds], [2, 4], SETTINGS).logits(features), [2, 4])
    assert (colours.argmax(axis=1) == TARGETS).all() and (found.argmax(axis=1) == kinds).all()


def test_a_text_whose_answer_is_not_known_teaches_the_other_head_only():
    features = NgramVocabulary.learn(TEXTS).rows(TEXTS)
    kinds = np.array([0, 1, -1, -1] * 8)
    colours, found = split_heads(Ensemble.train(features, [TARGETS, kinds], [2, 2], SETTINGS).logits(features), [2, 2])
    known = kinds >= 0
    assert (colours.argmax(axis=1) == TARGETS).all() and (found.argmax(axis=1)[known] == kinds[known]).all()


def test_a_head_of_which_nothing_is_known_is_left_as_it_was():
    features = NgramVocabulary.learn(TEXTS).rows(TEXTS)
    unknown = np.full(len(TEXTS), -1)
    trained, begun = (
        train_network(features, [TARGETS, unknown], [2, 3], NetworkSettings(hidden=16, epochs=epochs), seed=1) for epochs in (20, 0)
    )
    assert np.array_equal(trained.second[:, 2:], begun.second[:, 2:]) and not trained.second_bias[2:].any()
    assert not np.allclose(trained.second[:, :2], begun.second[:, :2])


def test_a_head_without_classes_has_no_probabilities():
    features = NgramVocabulary.learn(TEXTS).rows(TEXTS)
    nets = Ensemble.train(features, [TARGETS, np.full(len(TEXTS), -1)], [2, 0], SETTINGS)
    colours, nothing = split_heads(nets.logits(features), [2, 0])
    assert (colours.argmax(axis=1) == TARGETS).all() and softmax(nothing).shape == (len(TEXTS), 0)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_columns_that_every_text_has_are_learned_from_beside_those_that_few_have(weight):
    """With a weight of zero nothing but the common columns tells the texts apart."""
    random = np.random.default_rng(1)
    common = random.standard_normal((len(TEXTS), 6)).astype(np.float32)
    common[:, 3] = np.where(TARGETS, 1, -1)
    rare = NgramVocabulary.learn(TEXTS).rows(TEXTS) * weight
    features = sparse.hstack([common[:, :3], rare, common[:, 3:]]).tocsr()
    nets = Ensemble.train(features, [TARGETS], [2], NetworkSettings(hidden=32, epochs=60, learning_rate=0.01, seeds=(1, 2)))
    assert (nets.logits(features).argmax(axis=1) == TARGETS).all()


def test_where_columns_stand_does_not_matter_to_what_can_be_learned():
    features = NgramVocabulary.learn(TEXTS).rows(TEXTS)
    constant = sparse.csr_matrix(np.ones((len(TEXTS), 2), dtype=np.float32))
    for columns in ([constant, features], [features, constant]):
        wide = sparse.hstack(columns).tocsr()
        assert (Ensemble.train(wide, [TARGETS], [2], SETTINGS).logits(wide).argmax(axis=1) == TARGETS).all()


@pytest.mark.parametrize(("text", "wordless"), [("", True), ("?!", True), ("😀", True), ("a", False), ("1", False), ("_", True)])
def test_wordless(text, wordless):
    assert is_wordless(text) is wordless


COMPLAINT = Part("c", "installment_missing", 0.9)
QUESTION = Part("q", "faq_fee", 0.9)


def test_a_person_who_is_called_is_called_first_and_the_question_is_kept():
    person = Part("转人工", "request_human", 0.9)
    assert two_matters([QUESTION, person], "faq_fee", False, 0.5, 0.85) == (person, QUESTION)


def test_two_matters_complaint_first():
    assert two_matters([QUESTION, COMPLAINT], "faq_fee", True, 0.5, 0.85) == (COMPLAINT, QUESTION)
    assert two_matters([COMPLAINT, QUESTION], "installment_missing", False, 0.5, 0.85) == (COMPLAINT, QUESTION)


def test_two_complaints_of_different_topics_count_if_the_second_is_announced():
    first, second = Part("a", "installment_missing", 0.9, "no_option_shown"), Part("b", "verification", 0.9, "change_phone")
    assert two_matters([first, second], "verification", True, 0.5, 0.85) == (first, second)
    assert two_matters([first, second], "verification", False, 0.5, 0.85) is None
    same = Part("b", "verification", 0.9, first.topic)
    assert two_matters([first, same], "verification", True, 0.5, 0.85) is None


@pytest.mark.parametrize(
    ("parts", "whole", "told", "found"),
    [
        ([COMPLAINT, QUESTION], "faq_fee", ["installment_missing", "about_case"], 0),
        ([QUESTION, COMPLAINT], "faq_fee", ["about_case", "installment_missing"], 1),
        # What is asked has nothing to do with the complaint.
        ([COMPLAINT, QUESTION], "faq_fee", ["installment_missing", "faq_fee"], None),
        # The whole text is known to complain, and of what.
        ([COMPLAINT, QUESTION], "installment_missing", ["installment_missing", "about_case"], None),
        ([Part("c", "installment_missing", 0.6), QUESTION], "faq_fee", ["installment_missing", "about_case"], None),
        ([COMPLAINT, COMPLAINT], "faq_fee", ["about_case", "about_case"], None),
    ],
)
def test_a_complaint_with_a_question_about_it_is_a_complaint(parts, whole, told, found):
    assert complaint_asked_about(parts, whole, told, 0.85) == found


def test_one_matter_is_not_split():
    other = Part("c", "service_error", 0.9)
    assert two_matters([COMPLAINT, other], "service_error", True, 0.5, 0.85) is None
    assert two_matters([QUESTION, COMPLAINT], "faq_fee", False, 0.5, 0.85) is None
    assert two_matters([COMPLAINT, Part("q", "faq_fee", 0.4)], "installment_missing", True, 0.5, 0.85) is None
    assert two_matters([COMPLAINT, QUESTION], "faq_refund", False, 0.5, 0.85) is None


def test_a_rant_is_judged_by_its_clearest_part():
    rant = "x" * 100
    assert focus(rant, [Part("x" * 60, "faq_fee", 0.99), COMPLAINT, Part("y", "greet", 0.95)]) == 1
    assert focus(rant, []) is None
    assert focus("short", [COMPLAINT]) is None


def test_a_report_counts_alternatives_and_sides():
    rows = [
        Row("a", "faq_fee", frozenset({"installment_missing"})),
        Row("b", "out_of_scope"),
        Row("c", "terms_missing"),
        Row("d", "faq_fee"),
    ]
    answers = {"a": "installment_missing", "b": "out_of_scope", "c": "service_error", "d": "faq_fee"}
    report = evaluate(rows, lambda row: Understood(answers[row.text]))
    assert (report.strict, report.with_alternatives, report.complaint_or_not) == (0.5, 0.75, 1.0)
    assert (report.out_of_scope_recall, report.out_of_scope_precision) == (1.0, 1.0)
    assert report.confusions == (("terms_missing", "service_error", 1),)
    assert report.intents["faq_fee"].recall == 0.5
    assert report.topics is None


def test_a_report_counts_topics_of_the_rows_that_name_one():
    rows = [
        Row("a", "faq_fee", topic="annual_rate"),
        Row("b", "faq_fee", topic="annual_rate", topic_alternatives=frozenset({"total_fee"})),
        Row("c", "about_case", topic="how_long", phase="waiting", cause="risk_blocked"),
        Row("d", "greet"),
    ]
    answers = {"a": "annual_rate", "b": "total_fee", "c": None, "d": "annual_rate"}
    report = evaluate(rows, lambda row: Understood(row.label, answers[row.text]))
    topics = report.topics
    assert topics is not None
    assert (topics.rows, round(topics.strict, 2), round(topics.with_alternatives, 2)) == (3, 0.33, 0.67)
    assert topics.confusions == (("how_long", "None", 1),)
    assert report.to_json()["topics"]["confusions"] == [{"label": "how_long", "found": "None", "times": 1}]
    assert "topics, alternatives       66.7%" in as_text(report)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("a\tb\nx\tgreet\n", 1, "first line"),
        ("text\tlabel\nx\tnot_an_intent\n", 2, "no intent"),
        ("text\tlabel\nx\tgreet\n\tgreet\n", 3, "empty"),
        ("text\tlabel\nonly text\n", 2, "columns"),
        ("text\tlabel\n", 1, "no rows"),
        ("text\tlabel\talternatives\nx\tgreet\tthanks|nonsense\n", 2, "nonsense"),
        ("text\tlabel\ttopic\nx\tgreet\tNo Name\n", 2, "no name of a topic"),
        ("text\tlabel\ttopic_alternatives\nx\tgreet\tfine|9\n", 2, "9 is no name"),
        ("text\tlabel\tphase\nx\tgreet\tnowhere\n", 2, "nowhere is no phase"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path, content, line, reason):
    file = tmp_path / "rows.tsv"
    file.write_text(content, "utf-8")
    with pytest.raises(SourceError) as refusal:
        read_rows(file)
    assert refusal.value.problems[0].line == line
    assert reason in refusal.value.problems[0].reason


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(SourceError):
        read_rows(tmp_path / "missing.tsv")
    (tmp_path / "binary.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError):
        read_rows(tmp_path / "binary.tsv")


def test_alternatives_may_be_separated_by_comma_or_bar(tmp_path):
    file = tmp_path / "rows.tsv"
    file.write_text("text\tlabel\talternatives\nx\tgreet\tthanks, deny\ny\tgreet\tthanks|deny\n", "utf-8")
    assert [row.alternatives for row in read_rows(file)] == [frozenset({"thanks", "deny"})] * 2


def test_a_row_has_the_topic_and_the_state_in_which_it_is_said(tmp_path):
    file = tmp_path / "rows.tsv"
    file.write_text(
        "text\tlabel\ttopic\ttopic_alternatives\tphase\tcause\nx\tabout_case\thow_long\twhy|who\twaiting\trisk_blocked\ny\tgreet\n", "utf-8"
    )
    said, plain = read_rows(file)
    assert said == Row("x", "about_case", frozenset(), "how_long", frozenset({"why", "who"}), "waiting", "risk_blocked")
    assert plain == Row("y", "greet")


def test_the_curve_counts_who_is_asked_back():
    rows = [Row("a", "faq_fee", topic="fees"), Row("b", "faq_fee", topic="rates"), Row("c", "faq_fee", topic="rates")]
    rankings = [
        [{"name": "fees", "confidence": 0.9}],
        [{"name": "fees", "confidence": 0.3}, {"name": "rates", "confidence": 0.2}],
        [
            {"name": "fees", "confidence": 0.3},
            *({"name": f"other{n}", "confidence": 0.1} for n in range(3)),
            {"name": "rates", "confidence": 0.1},
        ],
    ]
    point = next(p for p in curve(rows, rankings) if p.threshold == 0.5)
    assert (round(point.coverage, 2), point.right_when_answered, point.asked, point.offered_when_asked) == (0.33, 1.0, 2, 0.5)


def test_the_curve_accepts_alternatives_and_asks_back_where_nothing_was_found():
    rows = [Row("a", "faq_fee", topic="fees", topic_alternatives=frozenset({"rates"})), Row("?", "faq_fee", topic="fees")]
    point = next(p for p in curve(rows, [[{"name": "rates", "confidence": 0.9}], []]) if p.threshold == 0.5)
    assert (point.coverage, point.right_when_answered, point.asked, point.offered_when_asked) == (0.5, 1.0, 1, 0.0)
