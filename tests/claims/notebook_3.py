"""What notebook 3 claims: after which cell, the expression that must be true there, and the words that it holds."""


def nearest(held_out):
    """Return the expression of the nearest neighbour's error where these rows are held out."""
    return (
        f"(lambda out: abs(KNeighborsRegressor(1).fit(bikes[~out][FEATURES], bikes[~out]['bikers'])"
        f".predict(bikes[out][FEATURES]) - bikes[out]['bikers']).mean())({held_out})"
    )


LAST_WEEKS = nearest("bikes['day'] > 337")
# The hours whose mean is above those of the hours around them, small hours left out.
PEAKS = (
    "(lambda mean: [hr for hr in range(1, 23) if mean[hr] > max(mean[hr - 1], mean[hr + 1], 200)])"
    "(bikes[bikes['workingday'] == {}].groupby('hr')['bikers'].mean())"
)
# The errors of the means, of the network, and of the network on the training weeks.
ERRORS = "[abs(guess - rows['bikers']).mean() for guess, rows in [(baseline, test_rows), (predicted, test_rows), (predict(train_set), train_rows)]]"
# The week that is drawn, with what the network says of each hour.
WEEK = "shown.assign(said=predicted[in_week])"
WORKING = f"{WEEK}.query('workingday == 1')"
MONDAY_AT_8 = f"{WORKING}.query('weekday == 1 and hr == 8')"
# The errors of the lesson's kind of network from each start.
WITH_RELU = "[error_after_100_steps(seed, nn.ReLU()) for seed in range(6)]"
WITHOUT = "[error_after_100_steps(seed) for seed in range(6)]"

CLAIMS = [
    ("by-hour", f"{PEAKS.format(1)} == [8, 17]", "two peaks, at 8 and at 17 o'clock"),
    ("by-hour", f"{PEAKS.format(0)} == [13]", "Other days have one, in the early afternoon"),
    ("first-attempt", "features.dtype == np.float64", "pandas and NumPy compute in float64"),
    (
        "leak",
        "abs(LinearRegression().fit(bikes[FEATURES], bikes['bikers']).predict(bikes[FEATURES]) - bikes['bikers']).mean().round() == 79",
        "With 12 features the model is off by 79 bikers",
    ),
    ("leak", "error < 1e-6", "with all 14 by 0"),
    ("leak", "(bikes['casual'] + bikes['registered'] == bikes['bikers']).all()", "their sum **is** `bikers`"),
    (
        "ready-made",
        "same and len(ready_made) == len(dataset) == 8645",
        "item *i* of `TensorDataset(X, y)` is the pair `X[i], y[i]`",
    ),
    ("calendar", "bikes['day'].max() - 337 == 28", "only the last four weeks of the year"),
    ("split", f"abs({nearest('splits[[*splits][0]]')} - 50) < 0.5", "It is off by 50 bikers on random rows"),
    ("split", f"abs({nearest('week % 5 == 4')} - 76) < 0.5", "by 76 on every fifth week"),
    (
        "split",
        f"abs({LAST_WEEKS} - 85) < 0.5",
        "by 85 on the last four weeks",
    ),
    (
        "split",
        f"all(75.5 < {nearest('week % 5 == k')} < 79.5 for k in range(5))",
        "It lies between 76 and 79 bikers",
    ),
    (
        "dataloader",
        "len(train_set) == 109 * 64 + 13",
        "6,989 items make 109 batches of 64, and 13 items are left",
    ),
    ("shuffle", "firsts == [[16, 40, 32, 13]] * 2", "each time: 16, 40, 32, 13"),
    ("train", "1700 < total / len(train_set) < 2100", "A mean squared error near 1,900"),
    ("baseline", f"round({ERRORS}[0]) == 51", "The baseline is off by 51 bikers"),
    ("baseline", f"32 < {ERRORS}[1] < 38", "the network by about 35"),
    (
        "baseline",
        f"{ERRORS}[2] < {ERRORS}[1] and {ERRORS}[2] < 31",
        "On the training weeks its error is smaller still, below 31",
    ),
    (
        "week",
        f"(lambda at_8: at_8.query('weekday == 1')['said'].item() < at_8.query('weekday > 1')['said'].min())"
        f"({WORKING}.query('hr == 8'))",
        "On the rainy Monday morning it expected fewer bikers than on the other mornings",
    ),
    (
        "week",
        f"(lambda at_8: at_8['said'].item() > 1.2 * at_8['bikers'].item())({MONDAY_AT_8})",
        "but still many more than came",
    ),
    (
        "week",
        "predicted[in_week].mean() > 1.1 * baseline[in_week].mean()",
        "June brings more bikers than the mean of the year",
    ),
    ("lesson-network", "abs(y.mean() - 143.8) < 0.05", "144 is the mean number of bikers"),
    (
        "lesson-network",
        f"all(94.5 < error < 100.5 for error in [*{WITH_RELU}[:3], *{WITHOUT}[:3]])",
        "the error is 95 to 100 bikers either way",
    ),
    (
        "lesson-network",
        f"all(abs(error - y.mean().item()) < 0.1 for error in {WITH_RELU}[3:])",
        "144 bikers with it",
    ),
    ("lesson-network", f"all(95.5 < error < 99.5 for error in {WITHOUT}[3:])", "96 to 99 without"),
    (
        "digits",
        "len(digits) == 60_000 and round(digits.images.nbytes * 4 / 1e6) == 188",
        "188 MB still fit in a laptop's memory",
    ),
    (
        "digit-files",
        "len(crops) == 200 and not Path(folder_28).exists() and len({crop(whole_60).tobytes() for whole_60 in [pictures[0]] * 9}) > 1",
        "We see three different crops of one file",
    ),
    (
        "workers",
        "min(seconds_for(DataLoader(ready_made, 50, num_workers=2)) for _ in range(3))"
        " > min(seconds_for(DataLoader(ready_made, 50)) for _ in range(3))",
        "For data in memory workers lose",
    ),
    (
        "your-own",
        "len(past) == 7976 and len(last_four_weeks) == 669",
        "the last four weeks of 2011 are to be predicted from all the weeks before",
    ),
]
