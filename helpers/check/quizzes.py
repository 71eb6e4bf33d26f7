"""The quizzes, and the exercises that are answered with numbers or letters: each wrong answer has its own words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from helpers.check.feedback import Feedback, check, not_yet, passed, waiting
from helpers.language import translate

TRAINING_DIGITS = 60_000

NO_CHOICE = "Expected letters such as {example}, got {answer}."
INCOMPLETE = "What you chose is right. Right answers still missing: {count}."
UNANSWERED = "Not answered yet: {names}."

DATALOADER = {
    "B": "B: a DataLoader hands the data out as the Dataset gives it. Normalising is up to you, in the Dataset or before.",
    "D": "D: transformations run as you wrote them, in the Dataset. The DataLoader can run them in other processes, "
    "but it does not make them any better.",
}
EPOCHS = {
    "A": "A: shuffling helps, but it is not what makes several epochs work: with a fixed order the loss keeps falling too.",
    "C": "C: compare the loss after one epoch with the loss after three. What the later epochs bring is no small adjustment.",
}

# Problem -> the right letters, and what to say to each wrong one. A: MSELoss, B: L1Loss or HuberLoss,
# C: BCEWithLogitsLoss, D: CrossEntropyLoss.
WHICH_LOSS = {
    1: ("A", {
        "B": "1: that would work, but large errors are to count most here, and L1 and Huber count them least.",
        "C": "1: the price is a quantity, not yes or no.",
        "D": "1: the price is a quantity, not one of some classes.",
    }),
    2: ("B", {
        "A": "2: a wrong reading is a huge error, and MSE squares it: a few such readings decide the fit.",
        "C": "2: the temperature is a quantity, not yes or no.",
        "D": "2: the temperature is a quantity, not one of some classes.",
    }),
    3: ("C", {
        "A": "3: squared errors of probabilities hardly punish a network that is sure and wrong.",
        "B": "3: there is no quantity here: the answer is yes or no.",
        "D": "3: CrossEntropyLoss would need two logits, one for each answer. With one logit it is always 0.",
    }),
    4: ("D", {
        "A": "4: the numbers of the digits are names. To take a 9 for an 8 is no smaller a mistake than for a 1.",
        "B": "4: the numbers of the digits are names. To take a 9 for an 8 is no smaller a mistake than for a 1.",
        "C": "4: exactly one of ten classes is right; BCE would treat them as ten separate questions.",
    }),
    5: ("C", {
        "A": "5: each topic is a yes or a no, not a quantity.",
        "B": "5: each topic is a yes or a no, not a quantity.",
        "D": "5: CrossEntropyLoss expects exactly one right class, and an article may have several topics, or none.",
    }),
}  # fmt: skip

LEARNING_RATES = {"A": 100, "B": 0.1, "C": 0.0001, "D": 10}
CURVE_HINTS = {
    "A": "A: the curve leaves at the top and never comes back. The steps were so large that the weights left the range of float32, and the loss is nan.",
    "B": "B: the curve falls fast, then ever more slowly, and never jumps: the steps are neither too small nor too large.",
    "C": "C: the curve hardly leaves ln 3, where an untrained network starts: the steps are tiny.",
    "D": "D: the curve jumps up and down without settling: the steps overshoot, but not so far that the loss becomes nan.",
}

TRAIN_OR_EVAL = {
    1: ("train", "1: while it learns, Dropout should switch neurons off and BatchNorm should collect its averages: `train()`."),
    2: ("eval", "2: for the test accuracy the whole network should answer, and a digit's result should not depend on "
        "its batch: `eval()`."),
    3: ("train", "3: the next epoch trains again. Whoever tested after the last one has to go back: `train()`."),
    4: ("eval", "4: a single digit has no batch to take averages over; BatchNorm needs those that it collected: `eval()`."),
    5: ("neither", "5: whether gradients are recorded is not a matter of the mode: that is `torch.no_grad()`."),
}  # fmt: skip


@check
def dataloader_quiz(answer: Any = ...) -> Feedback:
    """Check the letters of the quiz on what a DataLoader is good for; two of four are right."""
    praise = "It divides the data into batches, and can prepare the next one while the processor works on this one."
    return _choices("dataloader_quiz", answer, {"A", "C"}, DATALOADER, praise)


@check
def epochs_quiz(answer: Any = ...) -> Feedback:
    """Check the letter of the quiz on why several epochs are needed; one of three is right."""
    praise = "Each step is small, and one pass over the data is not enough of them to get down."
    return _choices("epochs_quiz", answer, {"B"}, EPOCHS, praise)


@check
def which_loss(answers: Any = ...) -> Feedback:
    """Check ``{1: letter, ..., 5: letter}``, the loss for each of five problems."""
    wrong = {number: hints for number, (_, hints) in WHICH_LOSS.items()}
    right = {number: letter for number, (letter, _) in WHICH_LOSS.items()}
    return _matching("which_loss", answers, right, lambda number, got: wrong[number].get(got), set("ABCD"))


@check
def learning_rates(answers: Any = ...) -> Feedback:
    """Check ``{"A": learning rate, ..., "D": learning rate}``, the learning rate behind each of four loss curves."""
    rates = set(LEARNING_RATES.values())
    return _matching(
        "learning_rates", answers, LEARNING_RATES, lambda letter, got: CURVE_HINTS[letter], rates
    )


@check
def train_or_eval(answers: Any = ...) -> Feedback:
    """Check ``{1: "train" or "eval" or "neither", ...}``, the mode for each of five situations."""
    right = {number: mode for number, (mode, _) in TRAIN_OR_EVAL.items()}
    hints = {number: hint for number, (_, hint) in TRAIN_OR_EVAL.items()}
    return _matching(
        "train_or_eval", answers, right, lambda number, got: hints[number], {"train", "eval", "neither"}
    )


@check
def count_iterations(answer: Any = ...) -> Feedback:
    """Check the number of iterations in 5 epochs of MNIST's training digits at a batch size of 64."""
    name, batch, epochs = "count_iterations", 64, 5
    if _is_open(answer):
        return waiting(name)
    if isinstance(answer, bool) or not isinstance(answer, (int, float)):
        return not_yet(
            name, {"not-a-number": translate("Expected a number, got {kind}.", kind=type(answer).__name__)}
        )
    per_epoch = math.ceil(TRAINING_DIGITS / batch)
    if answer == per_epoch * epochs:
        return passed(name, "938 batches in an epoch, the last one short, times 5 epochs.")
    mistakes = {
        per_epoch: ("one-epoch", "That is one epoch. There are 5."),
        TRAINING_DIGITS // batch * epochs: ("last-batch-forgotten", "60,000 is not a multiple of 64. The rest makes a batch too, "
                                            "a shorter one."),
        TRAINING_DIGITS // batch: ("last-batch-forgotten", "60,000 is not a multiple of 64: the rest makes a batch too, "
                                   "a shorter one. And there are 5 epochs."),
        TRAINING_DIGITS * epochs: ("counts-samples", "That counts samples. An iteration takes a whole batch of them."),
        TRAINING_DIGITS / batch * epochs: ("not-whole", "There are no fractions of an iteration: in each epoch the last, shorter "
                                           "batch counts as one."),
        math.ceil(TRAINING_DIGITS * epochs / batch): ("epochs-run-together", "The epochs do not run together: each ends with a "
                                                      "short batch of its own."),
        batch * epochs: ("no-data-size", "How many digits there are matters too: 60,000."),
    }  # fmt: skip
    for value, (code, message) in mistakes.items():
        if math.isclose(answer, value):
            return not_yet(name, {code: translate(message)})
    hint = (
        "How many batches of 64 does it take to see 60,000 digits once? Round up, and think of all 5 epochs."
    )
    return not_yet(name, {"wrong-number": translate(hint)})


@check
def batch_sizes(results: Any = ...) -> Feedback:
    """Check what the student measured at batch sizes 100, 20 and 5.

    Args:
        results: for each batch size {"seconds": per epoch, "epochs": until the loss is below 1.6, or None if
            it did not get there}, and "conclusion": a letter.
    """
    name = "batch_sizes"
    if _is_open(results) or not isinstance(results, Mapping):
        return (
            waiting(name)
            if _is_open(results)
            else not_yet(name, {"not-a-dictionary": translate("Expected the dictionary.")})
        )
    rows = {size: results.get(size) for size in (100, 20, 5)}
    values = [
        row.get(key, ...)
        for row in rows.values()
        if isinstance(row, Mapping)
        for key in ("seconds", "epochs")
    ]
    if values and all(value is ... for value in values):
        return waiting(name, "Run `measure` for each batch size, and replace the `...` by what it reports.")
    finding = (
        _rows_finding(rows) or _trend_finding(rows) or _conclusion_finding(results.get("conclusion", ...))
    )
    if finding:
        return not_yet(name, finding)
    return passed(
        name, "Smaller batches make more steps in an epoch: it takes longer, and fewer epochs are needed."
    )


def _rows_finding(rows: Mapping[int, Any]) -> dict[str, str]:
    """Look for numbers that are missing or cannot be what was asked for."""
    for size, row in rows.items():
        if not isinstance(row, Mapping) or _is_open(row.get("seconds")) or row.get("epochs", ...) is ...:
            return {
                "incomplete": translate("Seconds or epochs are missing for batch size {size}.", size=size)
            }
        seconds, epochs = row["seconds"], row["epochs"]
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < 3600:
            said = "The seconds per epoch at batch size {size} should be a number above 0, got {seconds!r}."
            return {"not-seconds": translate(said, size=size, seconds=seconds)}
        if epochs is not None and (isinstance(epochs, bool) or not isinstance(epochs, int) or epochs < 1):
            said = "The epochs at batch size {size} should be a whole number, or None if 1.6 was not reached; got {epochs!r}."
            return {"not-epochs": translate(said, size=size, epochs=epochs)}
    return {}


def _trend_finding(rows: Mapping[int, Mapping[str, Any]]) -> dict[str, str]:
    """Compare the three with what the same loop gave wherever it was run."""
    seconds, epochs = (
        [rows[size]["seconds"] for size in (100, 20, 5)],
        [rows[size]["epochs"] for size in (100, 20, 5)],
    )
    if not seconds[0] < seconds[1] < seconds[2]:
        said = (
            "A batch size of 5 makes 12,000 steps in an epoch and 100 makes 600, so the seconds should grow "
            "from 100 to 5. Was the computer busy, or are two of them swapped?"
        )
        return {"seconds-do-not-grow": translate(said)}
    if epochs == [None] * 3 or epochs[2] is None or epochs[1] is None:
        said = (
            "At batch size {size} the loss should get below 1.6 within a few epochs. "
            "It does not where gradients add up: does your loop call `optimizer.zero_grad()`?"
        )
        return {"gradients-accumulate": translate(said, size=5 if epochs[2] is None else 20)}
    if (
        epochs[0] is None
        or not epochs[0] >= epochs[1] >= epochs[2]
        or not 2 <= epochs[0] <= 6
        or epochs[1] > 4
    ):
        said = (
            "Here batch size 100 took 3 epochs to get below 1.6, 20 took 2 and 5 took 1 or 2. "
            "Yours: {epochs}. Count the first epoch whose mean loss is below 1.6."
        )
        return {"epochs-unlikely": translate(said, epochs=", ".join(map(str, epochs)))}
    return {}


def _conclusion_finding(letter: Any) -> dict[str, str]:
    hints = {
        "A": "A: the seconds say the opposite. Each step has a cost of its own, and small batches make many steps.",
        "C": "C: look at the epochs again: with `zero_grad()` the small batches got below 1.6 first.",
    }
    chosen = _letters(letter)
    if _is_open(letter) or chosen == {"B"}:
        return (
            {"incomplete": translate("The conclusion is missing: choose a letter.")}
            if _is_open(letter)
            else {}
        )
    for option, hint in hints.items():
        if chosen and option in chosen:
            return {f"{option}-wrong": translate(hint)}
    return {"not-a-choice": translate(NO_CHOICE, example='"A"', answer=repr(letter)[:60])}


def _choices(name: str, answer: Any, right: set[str], hints: Mapping[str, str], praise: str) -> Feedback:
    """Judge a multiple choice; every wrong letter gets its own explanation."""
    if _is_open(answer):
        return waiting(name, 'Replace the `...` by your letters, for example {{"A"}}, and run the cell.')
    chosen = _letters(answer)
    if chosen is None or not chosen <= right | set(hints):
        shown = ", ".join(sorted(chosen)) if chosen else repr(answer)[:60]
        return not_yet(name, {"not-a-choice": translate(NO_CHOICE, example='{"A"}', answer=shown)})
    findings = {f"{letter}-wrong": translate(hints[letter]) for letter in sorted(chosen - right)}
    if not findings and chosen != right:
        findings["incomplete"] = translate(INCOMPLETE, count=len(right - chosen))
    return not_yet(name, findings) if findings else passed(name, praise)


def _matching(name: str, answers: Any, right: Mapping, hint: Any, known: set) -> Feedback:
    """Judge a dictionary of answers, one for each question."""
    if _is_open(answers):
        return waiting(name)
    if not isinstance(answers, Mapping):
        kind = type(answers).__name__
        return not_yet(
            name,
            {
                "not-a-dictionary": translate(
                    "Expected the dictionary of the exercise, got {kind}.", kind=kind
                )
            },
        )
    given = {question: _tidy(answers.get(question, ...)) for question in right}
    if all(_is_open(value) for value in given.values()):
        return waiting(name)
    findings = {}
    for question, value in given.items():
        if _is_open(value) or value == right[question]:
            continue
        options = ", ".join(str(option) for option in sorted(known))
        said = hint(question, value) if value in known else None
        unknown = translate(
            "{question}: choose one of {options}; got {value!r}.",
            question=question,
            options=options,
            value=value,
        )
        findings[f"{question}-wrong"] = translate(said) if said else unknown
    still_open = [str(question) for question, value in given.items() if _is_open(value)]
    if still_open:
        findings["incomplete"] = translate(UNANSWERED, names=", ".join(still_open))
    return not_yet(name, findings) if findings else passed(name, "All of them.")


def _is_open(value: Any) -> bool:
    """Tell whether an answer is still the placeholder."""
    if value is ... or value is None:
        return True
    if isinstance(value, (set, frozenset, list, tuple)):
        return all(v is ... for v in value)
    if isinstance(value, Mapping):
        return all(_is_open(v) for v in value.values())
    return isinstance(value, str) and not value.strip(" .")


def _letters(answer: Any) -> set[str] | None:
    """Return the letters of an answer however it is written: {"A", "C"}, ["a", "c"], "A, C" or "AC"."""
    parts: Iterable = answer if isinstance(answer, (set, frozenset, list, tuple)) else [answer]
    if not all(isinstance(part, str) for part in parts):
        return None
    return {letter for part in parts for letter in part.upper() if letter not in " ,;"}


def _tidy(value: Any) -> Any:
    """Return a word or letter as the exercise writes it, whatever its case, with or without ()."""
    if not isinstance(value, str):
        return value
    word = value.strip().removesuffix("()").lower()
    return word.upper() if len(word) == 1 else word
