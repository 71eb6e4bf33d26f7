"""What notebook 5 claims: (cell, an expression that is true right after it, the words that it holds)."""

CLAIMS = [
    ("epoch-loop", "abs(loss_here - loss_two_functions) < 1e-3", "so the losses should be too"),
    ("bikes-figure", "abs(baseline - 51) < 1", "the baseline of 51 bikers"),
    (
        "bikes-figure",
        "all((loss < baseline) == (epoch > 5) for epoch, loss in enumerate(list(curves.values())[1], 1) if epoch not in (5, 6))",
        "after about five epochs it beats the baseline of 51 bikers",
    ),
    (
        "bikes-figure",
        "all(train < test < train + 15 for train, test in zip(*curves.values()))",
        "the test weeks' always a little above",
    ),
    ("stale-optimizer", "abs(loss - 2.30) < 0.01", "the loss stays at about ln 10 = 2.30"),
    (
        "lesson",
        "(lambda lesson, ours: lesson[0] < ours[0])(*test_losses.values())",
        "ahead after the first epoch",
    ),
    (
        "lesson",
        "(lambda lesson, _: lesson[2] > lesson[1] + 0.02)(*test_losses.values())",
        "in which it gets worse",
    ),
    ("lesson", "(lambda lesson, ours: lesson[2] > ours[2])(*test_losses.values())", "behind after the third"),
    (
        "lesson",
        "(lambda a, b, c: a > b > c)(*list(test_losses.values())[1])",
        "every epoch improves on the one before",
    ),
]
