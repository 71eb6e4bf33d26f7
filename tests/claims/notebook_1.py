"""What notebook 1 claims: (cell, an expression that is true right after it, the words that it holds)."""

CLAIMS = [
    ("mse-and-l1", "nn.MSELoss()(guess, truth) == 42.25", "(4² + 10² + 2² + 7²) / 4 = 42.25"),
    ("mse-and-l1", "nn.L1Loss()(guess, truth) == 5.75", "(4 + 10 + 2 + 7) / 4 = 5.75"),
    (
        "loss-curves",
        "torch.allclose(loss[errors.abs() < 1], errors[errors.abs() < 1] ** 2 / 2, atol=1e-6)",
        "Huber is half the square near zero",
    ),
    (
        "loss-curves",
        "(derivative[errors[1:] > 1.1] - 1).abs().max() < 1e-3",
        "beyond `delta` a straight line whose pull is `delta`, here 1",
    ),
    ("rush-hour", "(len(typed), int(is_error.sum())) == (250, 10)", "in 10 of the 250 records"),
    (
        "rush-hour",
        "torch.corrcoef(torch.hstack([warmth, counted]).T)[0, 1] > 0.5",
        "more people ride when it is warm",
    ),
    (
        "fit-lines",
        "slopes['MSE'] > fit_line(mse, counted)[1] + 5",
        "Ten typing errors among 250 evenings tilt the line of MSE",
    ),
    (
        "fit-lines",
        "(predicted['MSE'] - counted)[(celsius > 25) & ~is_error.numpy()].min() > 0",
        "on warm evenings runs far above the cloud",
    ),
    (
        "fit-lines",
        "all(abs(slopes[name] - fit_line(criteria[name], counted)[1]) < 1 for name in ('L1', 'Huber'))",
        "L1 and Huber stay in it",
    ),
    (
        "fit-lines",
        "abs(slopes['Huber'] - 13.6) < 0.05 and abs(fit_line(nn.HuberLoss(delta=50.0), typed)[1] - 19.6) < 0.05",
        "the slope goes from 13.6 to 19.6, as under MSE",
    ),
    (
        "fit-lines",
        "abs(fit_line(nn.HuberLoss(delta=0.1), typed)[1] - 14.6) < 0.05 and abs(slopes['L1'] - 14.5) < 0.05",
        "14.6, close to L1's",
    ),
    (
        "broadcasting-loss",
        "(prediction - flat).shape == (250, 250)",
        "repeats both to a table [N, N], *every* prediction with *every* target",
    ),
    (
        "broadcasting-loss",
        "abs(wrong - (predicted['L1'] - counted.T).square().mean()) < 1e-4 and wrong > 2 * meant",
        "comparing each evening's prediction with all 250 evenings",
    ),
    (
        "broadcasting-fit",
        "abs(slope) < 0.05 and abs(averages['[N]'] - 395) < 0.5 and abs(100 * counted.mean() - 395) < 0.5",
        "it predicts the average, 395, whatever the temperature",
    ),
    (
        "bce-breaks",
        "torch.sigmoid(torch.tensor(20.0)) == 1",
        "By a logit of 20, float32 rounds the sigmoid to exactly 1.",
    ),
    ("bce-breaks", "numbers[0] == 100", "`BCELoss` cuts it off at -100, hence the wrong 100s"),
    ("bce-breaks", "numbers[1] == 0", "one factor of the gradient is the derivative of the sigmoid, here 0"),
    ("bce-breaks", "numbers[2:] == [200, 1]", "works from the logit itself and is right throughout"),
    ("cross-entropy-by-hand", "len(y) == 178", "178 Italian wines and"),
    (
        "cross-entropy-by-hand",
        "torch.allclose(torch.stack(three_ways), three_ways[0])",
        "`CrossEntropyLoss` **contains** the log-softmax",
    ),
    (
        "two-wines",
        "y[0] == 0 and abs(of_true_class[0] - 0.251) < 0.0005 and abs(-of_true_class[0].log() - 1.38) < 0.005",
        "its loss is -ln 0.251 = 1.38",
    ),
    (
        "two-wines",
        "abs(-of_true_class.log().mean() - 1.08815) < 1e-5",
        "The mean of all 178 is the 1.08815 above",
    ),
    ("untrained-loss", "abs(loss - math.log(4)) < 0.1", "Its loss is then close to -ln(1/C) = ln C"),
    ("floor", "abs(floor - 1.4612) < 5e-5", 'Hence the "below 1.6" of the lesson on MNIST'),
    ("softmax-twice-training", "abs(list(accuracy.values())[0] - 0.8) < 0.02", "the other four in five"),
    (
        "softmax-twice-training",
        "0.5 < list(accuracy.values())[2] < 0.6",
        "after 5 steps it has little more than half of the wines right",
    ),
    (
        "softmax-twice-training",
        "0 < list(accuracy.values())[1] - list(accuracy.values())[3] < 0.04",
        "After 200 steps it classifies nearly as well",
    ),
    ("one-output-loss", "len(patients) == 442", "442 diabetes patients"),
    ("one-output-loss", "patients.shape[1] == 10", "From ten measurements its network makes one number"),
    (
        "one-output-loss",
        "all(abs(loss(ones, advanced) - told) < 0.005 for loss, told in ((mse, 28771.21), (l1, 151.13)))",
        "Its losses before training are 28771.21 (MSE) and 151.13 (L1)",
    ),
    (
        "one-output-loss",
        "torch.equal(list(outputs.values())[2], ones)",
        "those of always answering 1, to the last digit, and 200 steps change nothing",
    ),
    (
        "one-output-loss",
        "abs(mse(output, advanced) - 2570) < 20 and abs(l1(output, advanced) - 41) < 0.5",
        "comes down to about 2570 and 41",
    ),
    (
        "one-output-loss",
        "(lambda mean: abs(mse(mean, advanced) - 5930) < 0.5 and abs(l1(mean, advanced) - 66) < 0.5)(list(outputs.values())[1])",
        "far below the mean's 5930 and 66",
    ),
]
