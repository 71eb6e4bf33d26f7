"""What notebook 3 claims: after which cell, the expression that must be true there, and the words that it holds."""


def nearest(held_out):
    """Return the expression of the nearest neighbour's error where these rows are held out."""
    return (
        f"(lambda out: abs(KNeighborsRegressor(1).fit(bikes[~out][FEATURES], bikes[~out]['bikers'])"
        f".predict(bikes[out][FEATURES]) - bikes[out]['bikers']).mean())({held_out})"
    )


# The hours whose mean is above those of the hours around them, small hours left out.
PEAKS = (
    "(lambda mean: [hr for hr in range(1, 23) if mean[hr] > max(mean[hr - 1], mean[hr + 1], 200)])"
    "(bikes[bikes['workingday'] == {}].groupby('hr')['bikers'].mean())"
)
# The errors of the two means, of the network, and of the network on the training weeks.
ERRORS = "[*error.values()]"
# The week that is drawn, with what the network says of each hour.
WEEK = "shown.assign(said=predicted[in_week])"
WORKING = f"{WEEK}.query('workingday == 1')"
MONDAY_AT_8 = f"{WORKING}.query('weekday == 1 and hr == 8')"

CLAIMS = [
    ("by-hour", f"{PEAKS.format(1)} == [8, 17]", "Working days have two peaks, on the way to work and back"),
    ("by-hour", f"{PEAKS.format(0)} == [13]", "other days have one, in the afternoon"),
    ("first-attempt", "features.dtype == np.float64", 'pandas and NumPy compute in float64 ("double")'),
    (
        "bike-hours",
        "features.dtype == target.dtype == torch.float32 and features.shape == (3,) and target.shape == (1,)",
        "both become float32 tensors, and a target gets shape [1]",
    ),
    ("leak", "with_both < 1e-6", "An error of zero is a warning"),
    (
        "leak",
        "(bikes['casual'] + bikes['registered'] == bikes['bikers']).all()",
        "the two groups whose sum **is** the target",
    ),
    ("split", f"{nearest('at_random')} < 0.7 * {nearest('in_test')}", "the smaller error is a promise"),
    (
        "split",
        f"all(75.5 < {nearest('week % 5 == k')} < 79.5 for k in range(5))",
        "it is 76 to 79 bikers, whichever are held out",
    ),
    ("split", f"abs({nearest('at_random')} - 50) < 0.5", "on random rows it stays at 50"),
    ("baseline", f"{ERRORS}[2] * 1.2 < {ERRORS}[1] < {ERRORS}[0]", "The network beats both means"),
    ("baseline", f"{ERRORS}[2] > {ERRORS}[3]", "is worse on the held-out weeks than on those it learnt from"),
    (
        "week",
        f"(lambda at_8: at_8.query('weekday == 1')['said'].item() < at_8.query('weekday > 1')['said'].min())"
        f"({WORKING}.query('hr == 8'))",
        "on Monday morning it expected fewer bikers than on the other mornings",
    ),
    (
        "week",
        f"(lambda at_8: at_8['said'].item() > 1.2 * at_8['bikers'].item())({MONDAY_AT_8})",
        "still far too many",
    ),
    (
        "week",
        f"(lambda row: abs(row['said'].item() - by_kind[row.index].item()) < 20)({MONDAY_AT_8})",
        "no better than the mean",
    ),
    ("week", "predicted[in_week].mean() > 1.1 * by_kind[in_week].mean()", "June brings more bikers"),
    ("lesson-network", "abs(y.mean() - 143.0) < 0.05", "143.0 is the mean count"),
    (
        "lesson-network",
        "all(lesson_training(seed, nn.ReLU()).split()[0] == '0' for seed in (3, 5))",
        "seeds 3 and 5 begin with 0 for all hours",
    ),
    ("lesson-network", "lesson_training(4, nn.ReLU()).split()[0] == '1'", "seed 4 for all but one"),
    (
        "lesson-network",
        "all(lesson_training(seed, nn.ReLU()).endswith(' 143.0') for seed in (3, 4, 5))",
        "and they learn nothing",
    ),
    (
        "lesson-network",
        "float(lesson_training(5).split()[-1]) < 130",
        "Without the last `ReLU`, seed 5 learns from the same start",
    ),
    (
        "lesson-network",
        "all(float(lesson_training(seed, nn.ReLU(), steps=2000).split()[-1]) < 120 for seed in (3, 4))",
        "Seeds 3 and 4 do",
    ),
    (
        "lesson-network",
        "lesson_training(5, nn.ReLU(), steps=2000).endswith(' 143.0')",
        "Seed 5 stays at 143.0",
    ),
    (
        "digits",
        "len(digits) == 60_000 and round(digits.data.nbytes / 1e6) * 4 == 188",
        "188 MB still fit in a laptop",
    ),
    (
        "digit-files",
        "len(crops) == 200 and crops.paths[0].exists() is False",
        "opens a file when its item is asked for",
    ),
    (
        "workers",
        "min(seconds_for(DataLoader(rows, batch_size=20, num_workers=2)) for _ in range(3))"
        " > min(seconds_for(DataLoader(rows, batch_size=20)) for _ in range(3))",
        "For data in memory workers lose",
    ),
    (
        "your-own",
        "list(features.shape) == [12] and len(train_part) + len(test_part) == 8645",
        "6989 and 1656 rows",
    ),
    ("per-batch", "same", "A batch comes back"),
]
