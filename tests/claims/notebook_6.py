"""What notebook 6 claims: (cell, an expression that is true right after it, the words that it holds)."""

CLAIMS = [
    ("halves", "(halves - whole).abs().max() < 1e-7", "up to the rounding of 32-bit numbers"),
    ("halves", "((first + second) / 2 - whole).abs().max() > 0.01", "With 75 and 25 the plain mean is wrong"),
    (
        "halves",
        "(0.75 * first + 0.25 * second - whole).abs().max() < 1e-7",
        "weights of 0.75 and 0.25 mend that",
    ),
    (
        "many",
        "0 < difference('2.pt', '1.pt') < 1e-5 and 0 < difference('4.pt', '1.pt') < 1e-5",
        "The weights differ by about a millionth, rounding",
    ),
    (
        "measure",
        "len(torch.nn.utils.parameters_to_vector(MLP(784, 128, 10).parameters())) == 118_282",
        "118,282 gradients have to be exchanged",
    ),
    (
        "set-epoch",
        "[a == b for a, b in orders.values()] == [True, False]",
        "**The order that never changes.**",
    ),
    ("growth", "losses[1] < losses[2] < losses[4] < losses[8]", "the network has learnt less"),
    ("growth", "len(loader) == 8", "there are an eighth of the steps"),
    ("shares", "max(reports[100]) - min(reports[100]) > 0.05", "Rank 0's share is not the test set"),
    ("padding", "counted == {1: 8645, 2: 8646, 64: 8704}", "has 8,645 rows"),
    ("accident", "apart == 0", "the final weights are the same to the last bit"),
    ("machines", "apart == 0", "two agents and one: weights differ by up to 0.0e+00"),
    (
        "limit",
        "all((gain < machines)[1:].all() for gain in gains.values())",
        "Both fall behind the dotted line",
    ),
    ("limit", "2 * (machines[-1] - 1) == 1998", "there are 1,998 in each step"),
    ("limit", "all(gain[-1] < gain.max() for gain in gains.values())", "Both curves come down again"),
    ("limit", "gains[118_282].argmax() < gains[100_000_000].argmax()", "the small network's sooner"),
    (
        "limit",
        "1 < (10 * computing[0] / (10 * computing + exchange)).max() / gains[100_000_000].max() <= 10",
        "Up, by ten times at most",
    ),
]
