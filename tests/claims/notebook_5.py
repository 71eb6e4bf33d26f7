"""What notebook 5 claims: (cell, an expression that is true right after it, the words that it holds)."""

VALIDATION = "[*curves.values()][1]"

CLAIMS = [
    (
        "epoch-loop",
        "abs(training.test(test_loader, net, criterion).loss - 0.275) < 2e-3",
        "so the losses should be too",
    ),
    ("bikes-figure", "abs(baseline - 55) < 0.5", "the baseline of 55 bikers"),
    (
        "bikes-figure",
        f"all((loss < baseline) == (epoch > 5) for epoch, loss in enumerate({VALIDATION}, 1) if epoch not in (4, 5, 6))",
        "After about five epochs the network beats the baseline of 55 bikers",
    ),
    ("bikes-figure", f"36 < {VALIDATION}[-1] < 44", "it ends near 40"),
    (
        "bikes-figure",
        "all(train < test for train, test in zip(*curves.values()))",
        "its error is always a little smaller",
    ),
    (
        "bug",
        "abs(training.test(train_loader, net, criterion=nn.CrossEntropyLoss()).loss - np.log(10)) < 0.01",
        "The loss stays at 2.30 = ln 10",
    ),
    (
        "lesson",
        "[a > b > c for a, b, c in [losses]] == [True]",
        "With `zero_grad()` every epoch improves on the one before",
    ),
    ("project-data", "abs(error - 38.1) < 0.05", "which is off by 38.1 bikers"),
    (
        "project-data",
        "len(known) == 7305 and validation['day'].min() == 310 and validation['day'].max() == 337",
        "(days 310 to 337)",
    ),
]
