from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answering.budget import Budget, Budgets, affordable_tokens, max_passages
from rag.llm.generator import Model

SMALL = Model(name="small", runtime="embedded", size=1, parameters="1.5B", context=32_768)
BIG = Model(name="big:8b", runtime="ollama", size=1, parameters="8.2B", context=40_960)
USUAL = Budget(passages=4, prompt_tokens=180, answer_tokens=200)
CPU, FAST_CPU, GPU = 80.0, 300.0, 4000.0
"""Prompt tokens a second."""


def budgets(passages: int | None = None, prompt_tokens: int | None = None, context: int = 4096) -> Budgets:
    return Budgets(passages=passages, prompt_tokens=prompt_tokens, answer_tokens=200, context=context)


def after(model: Model, *speeds: float | None, rules: Budgets | None = None) -> Budget:
    rules = rules or budgets()
    for speed in speeds:
        rules.record(model.name, model, speed)
    return rules.of(model.name)


def test_until_a_speed_is_known_few_passages_are_read() -> None:
    assert budgets().of("small") == USUAL
    assert after(SMALL, None) == USUAL


def test_on_a_slow_machine_it_stays_at_that() -> None:
    assert after(SMALL, CPU) == after(BIG, CPU / 4) == USUAL


def test_the_faster_the_machine_the_more_is_read() -> None:
    read = [after(BIG, speed) for speed in (CPU, 200, FAST_CPU, 500, GPU)]
    assert [one.prompt_tokens for one in read] == sorted({one.prompt_tokens for one in read})
    assert [one.passages for one in read] == sorted(one.passages for one in read)
    assert (read[-1].passages, read[-1].prompt_tokens) == (12, 1400)


@pytest.mark.parametrize("speed", [200.0, 300.0, 400.0])
def test_the_first_word_comes_in_time(speed: float) -> None:
    tokens = affordable_tokens(speed, "8B", 32_768)
    assert 2.5 < (1.2 * tokens + 90) / speed <= 3.0


def test_a_small_model_is_not_given_more_than_it_can_use() -> None:
    assert after(SMALL, GPU).prompt_tokens == 500
    assert after(replace(SMALL, parameters=""), GPU).prompt_tokens == 500


def test_the_prompt_and_the_answer_fit_the_context() -> None:
    assert after(replace(BIG, context=2048), GPU).prompt_tokens < (2048 - 200) / 2.4
    follows_instructions = replace(SMALL, parameters="4B")
    assert after(follows_instructions, GPU).prompt_tokens == 1400
    assert after(follows_instructions, GPU, rules=budgets(context=1024)).prompt_tokens < (1024 - 200) / 2.4


def test_one_odd_speed_changes_little() -> None:
    assert after(SMALL, CPU, 9000.0, CPU) == USUAL
    assert after(BIG, GPU, GPU, 20.0).prompt_tokens == 1400


def test_a_model_that_has_become_slow_is_given_less() -> None:
    assert after(BIG, *[GPU] * 9, *[CPU] * 3) == USUAL


def test_each_model_has_its_own() -> None:
    rules = budgets()
    rules.record("big:8b", BIG, GPU)
    assert rules.of("small") == USUAL
    assert rules.of("big:8b").passages == 12


def test_what_is_set_rules() -> None:
    rules = budgets(passages=2, prompt_tokens=700)
    assert after(BIG, GPU, rules=rules) == Budget(passages=2, prompt_tokens=700, answer_tokens=200)
    assert budgets(prompt_tokens=1400).of("small").passages == 12
    assert after(BIG, GPU, rules=budgets(passages=3)).prompt_tokens == 1400


def test_many_tokens_are_shared_by_many_passages_but_never_by_more_than_twelve() -> None:
    assert [max_passages(n) for n in (100, 180, 500, 1400, 9000)] == [4, 4, 6, 12, 12]
