"""What notebook 6 claims: (cell, an expression that is true right after it, the words that it holds)."""

CLAIMS = [
    ("halves", "(halves - whole).abs().max() < 1e-7", "They differ by less than 1e-7"),
    ("halves", "0.015 < (plain - whole).abs().max() < 0.025", "the mean is off by 0.02"),
    (
        "halves",
        "0.35 < (plain - whole).abs().max() / whole.abs().max() < 0.5",
        "nearly half of the largest gradient",
    ),
    ("weighted", "(weighted - whole).abs().max() < 1e-7", "the shares give the gradient of the whole batch"),
    ("many", "0 < difference('2.pt', '1.pt') < 1e-5", "The weights differ by about a millionth"),
    ("many", "0 < difference('4.pt', '1.pt') < 1e-5", "This is rounding, which the steps have added up"),
    ("set-epoch", "[a == b for a, b in orders.values()] == [True, False]", "both epochs have the same order"),
    ("growth", "losses[1] < losses[2] < losses[4] < losses[8]", "the network has learnt less"),
    ("growth", "3.5 < losses[8] / losses[1] < 4.5", "after two epochs the loss is four times as large"),
    ("growth", "len(loader) == 8", "there are an eighth of the steps"),
    ("shares", "abs(min(reports[100]) - 0.82) < 0.03", "one would report 82 %"),
    ("shares", "abs(max(reports[100]) - 0.96) < 0.03", "and another 96 %"),
    ("shares", "abs(is_right.mean() - 0.89) < 0.01", "where all digits together give 89 %"),
    ("padding", "counted == {1: 8645, 2: 8646, 64: 8704}", "with 64 it is 59 too many"),
    ("accident", "apart == 0", "The final weights are the same to the last bit"),
    ("machines", "apart == 0", "Not at all: whose agent starts a process makes no difference"),
    (
        "measure",
        "sum(weights.numel() for weights in net.parameters()) == 118_282",
        "118,282 gradients travel, one for each weight",
    ),
    (
        "limit",
        "all((gain < machines)[1:].all() for gain in gains.values())",
        "Both curves fall behind the dotted line",
    ),
    ("limit", "2 * (machines[-1] - 1) == 1998", "there are 1,998 in each step"),
    ("limit", "all(gain[-1] < gain.max() for gain in gains.values())", "both curves come down again"),
    (
        "limit",
        "[gain.argmax() for gain in gains.values()] == sorted(gain.argmax() for gain in gains.values())",
        "the small network's sooner",
    ),
    (
        "limit",
        "1 < (10 * step / (10 * step / machines + rounds)).max() / gain.max() <= 10",
        "It goes up, by ten times at most",
    ),
]
