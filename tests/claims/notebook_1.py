"""What notebook 1 claims: (cell, an expression that is true right after it, the words that it holds)."""

CLAIMS = [
    ("mse-and-l1", "nn.MSELoss()(guess, truth) == 42.25", "(4² + 10² + 2² + 7²) / 4 = 42.25"),
    ("mse-and-l1", "nn.L1Loss()(guess, truth) == 5.75", "(4 + 10 + 2 + 7) / 4 = 5.75"),
    (
        "loss-curves",
        "torch.allclose(loss[errors.abs() < 1], errors[errors.abs() < 1] ** 2 / 2, atol=1e-6)",
        "**Huber** is half the square near zero",
    ),
    (
        "loss-curves",
        "(list(pulls.values())[2][1][errors[1:] > 1.1] - 1).abs().max() < 1e-3",
        "and its pull is `delta`, here 1",
    ),
    (
        "loss-curves",
        "(list(pulls.values())[1][1] - list(pulls.values())[2][1])[errors[1:].abs() > 1.1].abs().max() < 1e-3",
        "the two lines coincide",
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
        "On warm evenings it runs far above the cloud",
    ),
    (
        "fit-lines",
        "all(abs(slopes[name] - fit_line(criteria[name], counted)[1]) < 1 for name in ('L1', 'Huber'))",
        "The lines of L1 and Huber stay in the cloud",
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
    ("broadcasting-loss", "difference.shape == (250, 250)", "until both are tables of shape [N, N]"),
    (
        "broadcasting-loss",
        "abs(wrong - (predicted['L1'] - counted.T).square().mean()) < 1e-4 and wrong > 2 * meant",
        "if each evening's prediction is compared with all 250 evenings",
    ),
    (
        "broadcasting-fit",
        "abs(slope) < 0.05 and abs(averages['[N]'] - 395) < 0.5 and abs(100 * counted.mean() - 395) < 0.5",
        "It predicts the average, 395, whatever the temperature",
    ),
    (
        "sigmoid-figure",
        "all(abs(-math.log(p) - cost) < 0.006 for p, cost in ((0.5, 0.69), (0.01, 4.61)))",
        "A probability of 0.5 costs 0.69, and one of 0.01 costs 4.61.",
    ),
    (
        "bce-by-hand",
        "abs(-given.log().mean() - 0.2128) < 5e-5 and abs(nn.BCEWithLogitsLoss()(logit, target) - 0.2128) < 5e-5",
        "The four costs have a mean of 0.2128, and PyTorch's two losses agree.",
    ),
    ("bce-breaks", "formula(torch.tensor([20.0]), quiet) == torch.inf", "It says `inf`, infinity."),
    (
        "bce-breaks",
        "torch.sigmoid(torch.tensor(20.0)) == 1 and abs(1 / (1 + math.exp(-20)) - 0.999999998) < 1e-9",
        "the sigmoid of 20 is 0.999999998",
    ),
    (
        "bce-breaks",
        "formula(torch.tensor([20.0]), torch.ones(1)).isnan()",
        "With a target of 1 it is no better",
    ),
    ("bce-breaks", "nn.BCELoss()(torch.ones(1), quiet) == 100", "it cuts the loss off at 100"),
    ("bce-breaks", "right == 200", "works from the logit itself and is right throughout"),
    ("cross-entropy-by-hand", "len(y) == 178", "178 Italian wines and"),
    (
        "cross-entropy-by-hand",
        "torch.allclose(torch.stack(three_ways), three_ways[0])",
        "`CrossEntropyLoss` **contains** the log-softmax",
    ),
    (
        "two-wines",
        "y[0] == 0 and abs(of_true_class[0] - 0.2509) < 5e-5 and abs(-of_true_class[0].log() - 1.383) < 5e-4 and abs(-math.log(0.2509) - 1.383) < 5e-4",
        "its loss is -ln 0.2509 = 1.383",
    ),
    (
        "two-wines",
        "abs(-of_true_class.log().mean() - 1.08815) < 1e-5",
        "The mean of all 178 is the 1.08815 above",
    ),
    (
        "wine-table",
        "table.dtypes.astype(str).tolist() == ['float64', 'float64', 'int64'] and sorted(set(table['cultivar'])) == [1, 2, 3]",
        "and the cultivar as wine growers count it, 1, 2 or 3",
    ),
    (
        "untrained-loss",
        "all(abs(ce(MLP(inputs.shape[1], 32, classes)(inputs), targets).item() - math.log(classes)) < 0.2 for inputs, targets, classes in problems.values())",
        "Its loss is then close to -ln(1/C) = ln C",
    ),
    (
        "untrained-loss",
        "all([seed_everything(42), abs(ce(MLP(inputs.shape[1], 32, classes)(inputs), targets).item() - math.log(classes)) < 0.035][1] for inputs, targets, classes in problems.values())",
        "Each first loss is within 0.03 of ln C: 0.69, 1.10, 1.39.",
    ),
    ("floor", "abs(floor - 1.4612) < 5e-5", "With 10 classes the floor is 1.4612."),
    (
        "softmax-twice-training",
        "abs(list(accuracy.values())[0] - 0.81) < 0.01 and abs(list(accuracy.values())[2] - 0.54) < 0.01",
        "After 5 steps it has little more than half of the wines right, 54 %; the other has 81 %.",
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
        "are 28771.21 (MSE) and 151.13 (L1)",
    ),
    (
        "one-output-loss",
        "torch.equal(list(outputs.values())[2], ones)",
        "those of always answering 1, to the last digit, and 200 steps change nothing",
    ),
    (
        "one-output-loss",
        "abs(mse(output, advanced) - 2567) < 20 and abs(l1(output, advanced) - 41) < 0.5",
        "comes down to about 2567 and 41",
    ),
    (
        "one-output-loss",
        "(lambda mean: abs(mse(mean, advanced) - 5930) < 0.5 and abs(l1(mean, advanced) - 66) < 0.5)(list(outputs.values())[1])",
        "far below the mean's 5930 and 66",
    ),
]
