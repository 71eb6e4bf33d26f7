"""What the text of notebook 4 says, and the values that it says it of."""

CLAIMS = [
    ("torchvision", "len(train_set) + len(test_set) == 70_000", "70,000 handwritten digits"),
    ("torchvision", "image.min() == -1 and image.max() == 1", "so that they go from -1 to 1"),
    ("same-batches", "same and len(our_batches) == 100", "The same numbers"),
    ("digits", "images.min() == 0 and images.max() == 1", "between 0 (paper) and 1 (ink)"),
    ("digits", "len(images) == 20 and len(train_loader) == 3000", "60,000 / 20 = 3,000 iterations"),
    ("digits", "len(mnist_loaders(128)[0]) == 469", "469 per epoch, 2,345 in all"),
    # Steep in the first third of the first epoch, flat after it.
    (
        "loop",
        "np.mean(history[0][:100]) - np.mean(history[0][900:1100]) > 1.5 and np.mean(history[1]) - np.mean(history[2]) < 0.1",
        "The loss falls fast at first and slowly after that",
    ),
    ("loop", "np.std(history[2]) > 0.5 * np.mean(history[2])", "A single iteration says little"),
    ("loop", "abs(np.mean(history[0][-500:]) - 0.32) < 0.005", "the mean loss was 0.32"),
    ("loop", "abs(np.mean(history[2][-500:]) - 0.21) < 0.005", "over those of the third 0.21"),
    ("modes", "torch.equal(dropout(ones), ones)", "Dropout then does nothing"),
    ("modes", "one == other", "BatchNorm looks at no other sample"),
    ("forgotten-eval", "0.005 < remembered - forgotten < 0.025", "A point or two lost"),
    ("confusion", "((truth == 9) & (predictions == 4)).sum() > 10", "such as 9 for 4"),
    ("one-digit", "predictions[0] == truth[0]", "the first digit of the test"),
    ("one-digit", "surety[wrong[0]] > 0.99", "A network can be sure and wrong"),
    # The figure's lines: validation and training loss without weight decay, then the same with 5e-4.
    (
        "overfitting",
        "max(ax.lines[i].get_ydata()[-1] for i in (1, 3)) < 0.01",
        "The training loss goes to zero",
    ),
    (
        "overfitting",
        "all(4 <= ax.lines[i].get_ydata().argmin() <= 9 for i in (0, 2))",
        "turns after some five to ten epochs",
    ),
    ("overfitting", "right[-1] >= right[validation_loss.argmin()]", "although no fewer digits are right"),
    (
        "overfitting",
        "ax.lines[0].get_ydata()[-1] > ax.lines[2].get_ydata()[-1] + 0.05",
        "With weight decay it rises less",
    ),
    (
        "overfitting",
        "abs(ax.lines[1].get_ydata() - ax.lines[3].get_ydata()).max() < 0.02",
        "both training losses fall alike",
    ),
    (
        "overfitting",
        "abs((strong := train_on_few(1e-2))[0, -1] - 0.12) < 0.005",
        "no longer reaches zero (0.12 after 30 epochs)",
    ),
    (
        "overfitting",
        "abs(strong[1, -1] - 0.35) < 0.005 and abs(ax.lines[0].get_ydata().min() - 0.35) < 0.005",
        "0.35, as low as the others at their best",
    ),
    ("save", "torch.equal(logits_of(restored, test_loader), logits)", "same logits: True"),
    # The table's rows are the four versions, its columns three losses and an accuracy.
    ("lesson", "table.iloc[0, 0] < table.iloc[2, 0]", "The lesson's loop is faster at first"),
    (
        "lesson",
        "abs(table.iloc[0, 2] - table.iloc[0, 1]) < 0.05 and table.iloc[0, 2] > 1.7",
        "then nearly stops, well above",
    ),
    (
        "lesson",
        "table.iloc[2, 1] > table.iloc[0, 1] and table.iloc[2, 2] < table.iloc[0, :3].min()",
        "The same network with `zero_grad()` overtakes it in the third epoch",
    ),
    ("lesson", "2.27 < table.iloc[1, 2] < table.iloc[1, 1] < table.iloc[1, 0] < 2.303", "has hardly moved"),
    ("lesson", "abs(table.iloc[1, 3] - 0.42) < 0.01", "already right in 42 %"),
    ("lesson", "abs(np.log(np.e + 9) - 1 - 1.461) < 0.0005", "the loss cannot fall below 1.461"),
    (
        "sgd",
        "np.mean(ax.lines[1].get_ydata()[1:]) < np.mean(ax.lines[0].get_ydata()[1:])",
        "Adam comes down sooner",
    ),
    ("sgd", "abs(list(accuracies.values())[1] - 0.90) < 0.005", "against Adam's 90 %"),
    (
        "sgd",
        "(faster := new_network(), its_optimizer := optim.SGD(faster.parameters(), lr=0.1), train_epoch(sgd_loader, faster, criterion, its_optimizer), abs(score(sgd_test_loader, faster, criterion)[1] - 0.93) < 0.005)[-1]",
        "has 93 % right",
    ),
]
