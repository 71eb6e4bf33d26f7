"""What the text of notebook 4 says, and the values that it says it of."""

CLAIMS = [
    ("torchvision", "len(train_set) + len(test_set) == 70_000", "70,000 handwritten digits"),
    ("torchvision", "images.min() == -1 and images.max() == 1", "so that they go from -1 to 1"),
    # The batches that the cell compares by a few numbers, compared whole.
    (
        "same-batches",
        "(seed_everything(0), theirs := list(islice(lesson_train_loader, 3)), seed_everything(0), mine := list(islice(sgd_loader, 3)), all(torch.equal(a, b) for one, other in zip(theirs, mine) for a, b in zip(one, other)))[-1]",
        "They are the same, faster.",
    ),
    ("digits", "images.min() == 0 and images.max() == 1", "between 0 (paper) and 1 (ink)"),
    ("digits", "len(images) == 20 and len(train_loader) == 3000", "60,000 / 20 = 3,000 iterations"),
    ("digits", "len(mnist_loaders(128)[0]) == 469", "469 per epoch, 2,345 in all"),
    # Steep in the first third of the first epoch, flat after it.
    (
        "loop",
        "np.mean(history[0][:100]) - np.mean(history[0][900:1100]) > 1.5 and np.mean(history[1]) - np.mean(history[2]) < 0.1",
        "the loss falls fast at first and slowly after that",
    ),
    ("loop", "np.std(history[2]) > 0.5 * np.mean(history[2])", "A single iteration says little"),
    ("loop", "abs(np.mean(history[0][-500:]) - 0.32) < 0.005", "the mean loss was 0.32"),
    ("loop", "abs(np.mean(history[2][-500:]) - 0.21) < 0.005", "over those of the third 0.21: a third less"),
    ("lesson-loop", "abs(np.log(np.e + 9) - 1 - 1.461) < 0.0005", "its loss cannot fall below 1.461"),
    (
        "lesson-loop",
        "1.7 < mean < 2",
        "It hardly falls: it stays at about 1.8",
    ),
    ("modes", "torch.equal(dropout(ones), ones)", "Dropout then does nothing"),
    ("modes", "one == other", "BatchNorm looks at no other sample"),
    ("confusion", "((truth == 9) & (predictions == 4)).sum() > 10", "a 9 for a 4"),
    (
        "mistakes",
        "surety[some].min() > 0.95 and (predictions[some] != truth[some]).all()",
        "the network gives each of them more than 95 %",
    ),
    ("save", "same", "the same weights: True"),
    # The figure's lines: validation and training loss without weight decay, then the same with 5e-4, then the dots.
    (
        "overfitting",
        "max(ax.lines[i].get_ydata()[-1] for i in (1, 3)) < 0.01",
        "The training loss goes to zero",
    ),
    (
        "overfitting",
        "all(4 <= ax.lines[i].get_ydata().argmin() <= 9 for i in (0, 2))",
        "The validation loss is lowest after the sixth epoch",
    ),
    ("overfitting", "at_end >= at_dot", "no fewer digits are right"),
    (
        "overfitting",
        "ax.lines[0].get_ydata()[-1] > ax.lines[2].get_ydata()[-1] + 0.03",
        "With weight decay it rises less",
    ),
    (
        "overfitting",
        "abs(ax.lines[1].get_ydata() - ax.lines[3].get_ydata()).max() < 0.03",
        "The two training losses fall alike",
    ),
    (
        "overfitting",
        "abs((strong := train_on_few(1e-2))[0, -1] - 0.12) < 0.01",
        "no longer reaches zero (0.12 after 30 epochs)",
    ),
    (
        "overfitting",
        "abs(strong[1, -1] - 0.35) < 0.015 and abs(ax.lines[0].get_ydata().min() - 0.35) < 0.015",
        "0.35, as low as the others at their best",
    ),
    (
        "layers",
        "abs(score(validation_loader, candidates[0], criterion)[1] - 0.925) < 0.01",
        "the accuracy rises from 92.5 % to 95.2 %",
    ),
    (
        "layers",
        "abs(score(validation_loader, candidates[1], criterion)[1] - 0.952) < 0.01",
        "the accuracy rises from 92.5 % to 95.2 %",
    ),
    (
        "layers",
        "abs(accuracy - score(validation_loader, candidates[1], criterion)[1]) < 0.01",
        "too few to choose by",
    ),
    # The walks of the last steepness, 0.01.
    (
        "walkers",
        "height(walks['SGD, lr 10'][-1]) > 2.5 and (walks['SGD, lr 10'][-1] - walks['SGD, lr 10'][0]).norm() < 3",
        "SGD hardly gets away from the star",
    ),
    (
        "walkers",
        "torch.allclose(walks['Adam, lr 0.5'][-1], walk(optim.Adam, 0.5, 1)[-1], atol=0.05)",
        "Adam walks as if nothing had changed",
    ),
    (
        "walkers",
        "all(height(walk(make, lr, 1)[-1]) < 0.84 for make, lr in ((optim.SGD, 10), (optim.Adam, 0.5)))",
        "On the left both get down into the valley",
    ),
    ("by-hand", "abs(weight - w.item()) < 5e-9", "columns agree in all eight decimals"),
    # Two numbers, the first of Adam's steps with gradients of 4 and 400.
    (
        "by-hand",
        "all(abs(adam_step(2.0, gradient, 0.0, 0.0, 1, lr=0.1)[0] - 1.9) < 1e-8 for gradient in (4.0, 400.0))",
        "with a gradient of 400 it would have moved by `lr` as well",
    ),
    ("sgd", "np.mean(reports['Adam'][1][1:]) < np.mean(reports['SGD'][1][1:])", "Adam comes down sooner"),
    ("sgd", "abs(accuracies[1] - 0.92) < 0.01", "against Adam's 92 %"),
    (
        "sgd",
        "(faster := new_network(), helpers.training.train(part(0, 55_000, 64, scaled), faster, criterion, optim.SGD(faster.parameters(), lr=0.1)), abs(score(part(55_000, 60_000, 1000, scaled), faster, criterion)[1] - 0.94) < 0.01)[-1]",
        "has 94 % of the validation digits right",
    ),
]
