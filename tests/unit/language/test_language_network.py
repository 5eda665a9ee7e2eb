"""Features, nets, parts of a text, and measuring."""

import numpy as np
import pytest

from actions.knowledge.intents import IntentMeaning
from actions.yaml_source import SourceError
from bot.evaluation.report import evaluate
from bot.evaluation.rows import Row, read_rows
from bot.evaluation.thresholds import curve
from bot.language.features import NgramVocabulary, flag_rows, is_wordless
from bot.language.network import Ensemble, NetworkSettings, softmax
from bot.language.second import Part, focus, two_matters

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


def test_nets_learn_repeat_and_survive_storing():
    features = NgramVocabulary.learn(TEXTS).rows(TEXTS)
    settings = NetworkSettings(hidden=16, epochs=20, seeds=(1, 2))
    nets = Ensemble.train(features, TARGETS, 2, settings)
    assert (nets.logits(features).argmax(axis=1) == TARGETS).all()
    assert np.allclose(nets.logits(features), Ensemble.train(features, TARGETS, 2, settings).logits(features))
    assert np.allclose(nets.logits(features), Ensemble.from_arrays(nets.arrays()).logits(features))
    assert np.allclose(softmax(nets.logits(features)).sum(axis=1), 1)


@pytest.mark.parametrize(("text", "wordless"), [("", True), ("?!", True), ("😀", True), ("a", False), ("1", False), ("_", True)])
def test_wordless(text, wordless):
    assert is_wordless(text) is wordless


COMPLAINT = Part("c", "installment_missing", 0.9)
QUESTION = Part("q", "faq_fee", 0.9)


def test_two_matters_complaint_first():
    assert two_matters([QUESTION, COMPLAINT], "faq_fee", True, 0.5, 0.85) == (COMPLAINT, QUESTION)
    assert two_matters([COMPLAINT, QUESTION], "installment_missing", False, 0.5, 0.85) == (COMPLAINT, QUESTION)


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
    report = evaluate(rows, answers.__getitem__)
    assert (report.strict, report.with_alternatives, report.complaint_or_not) == (0.5, 0.75, 1.0)
    assert (report.out_of_scope_recall, report.out_of_scope_precision) == (1.0, 1.0)
    assert report.confusions == (("terms_missing", "service_error", 1),)
    assert report.intents["faq_fee"].recall == 0.5


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("a\tb\nx\tgreet\n", 1, "first line"),
        ("text\tlabel\nx\tnot_an_intent\n", 2, "no intent"),
        ("text\tlabel\nx\tgreet\n\tgreet\n", 3, "empty"),
        ("text\tlabel\nonly text\n", 2, "columns"),
        ("text\tlabel\n", 1, "no rows"),
        ("text\tlabel\talternatives\nx\tgreet\tthanks|nonsense\n", 2, "nonsense"),
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


def test_the_curve_counts_who_is_asked_back():
    rows = [Row("a", "greet"), Row("b", "thanks")]
    rankings = [[{"name": "greet", "confidence": 0.9}], [{"name": "greet", "confidence": 0.3}, {"name": "thanks", "confidence": 0.2}]]
    intents = {
        "greet": IntentMeaning(kind="act", action="action_greet"),
        "thanks": IntentMeaning(kind="act", action="action_thanks", title="t"),
    }
    point = next(p for p in curve(rows, rankings, intents) if p.threshold == 0.5)
    assert (point.coverage, point.right_when_answered, point.asked, point.offered_when_asked) == (0.5, 1.0, 1, 1.0)
