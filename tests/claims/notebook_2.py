"""What notebook 2 says: (cell, expression that is true right after it, words of the text that it holds).

Where the text invites the reader to change something and says what happens, the expression changes it.
"""

FRESH = "[seed_everything({seed}), new_network()][1]"
WITH_SOFTMAX = FRESH + ".append(nn.Softmax(dim=1))"

# On the plane that the figure shows, how many of the three classes a network predicts somewhere.
PLANE = "torch.cartesian_prod(torch.linspace(-2.8, 2.6, 150), torch.linspace(-2, 3.8, 150)).to(dev)"
REGIONS = "len((" + FRESH + ")(" + PLANE + ").argmax(dim=1).unique())"
DOWN_AFTER = "next(i for i, place in enumerate(walk(-5, 8, {lr})) if height(*place) < 0.835)"
# How long the gradient in .grad is after so many iterations of the lesson's loop.
GRADIENT_AFTER = (
    "[other := {net}, train_as_in_the_lesson(other, False, {iterations}), "
    "torch.cat([w.grad.flatten() for w in other.parameters()]).norm().item()][-1]"
)
WITHOUT = FRESH.format(seed=42)
WITH = WITH_SOFTMAX.format(seed=42)
# By their places, which are the same in both editions.
SCALED, RAW = (f"list(final_loss.values())[{i}]" for i in (0, 1))
STEPS, LAST_LOSS = (f"table.iloc[:, {i}]" for i in (1, 2))
LEVEL = "(rates.cpu() > {low}) & (rates.cpu() < {high})"

CLAIMS = [
    ("load-wine", "wine.data.shape == (178, 13)", "178 Italian wines of three grape varieties"),
    (
        "load-wine",
        "np.ptp(features, axis=0).round().tolist() == [4, 12]",
        "alcohol varies by 4, colour by 12",
    ),
    ("standardise", "abs(scaled.mean(axis=0)).max() < 1e-9", "brings both to mean 0"),
    ("standardise", "abs(scaled.std(axis=0) - 1).max() < 1e-9", "and standard deviation 1"),
    ("tensors", "X.dtype == torch.float32 and X.shape == (178, 2)", "Features are **float32**"),
    ("tensors", "y.dtype == torch.int64 and y.shape == (178,)", "Classes are **int64**"),
    ("network", "sum(w.numel() for w in net.parameters()) == 195", "Our mountain has 195 dimensions"),
    ("random-boundary", REGIONS.format(seed=42) + " == 2", "in this part of the plane, cultivar 0 has none"),
    *[
        ("random-boundary", REGIONS.format(seed=seed) + " == 3", "With 1 and 4 all three cultivars are there")
        for seed in (1, 4)
    ],
    *[
        ("random-boundary", REGIONS.format(seed=seed) + " == 2", "with 2 and 3 one is missing")
        for seed in (2, 3)
    ],
    ("one-step", "abs(loss.item() - 1.0882) < 6e-5", "The loss fell from 1.0882"),
    ("one-step", "abs(loss_after.item() - 1.0874) < 6e-5", "to 1.0874"),
    ("open-step", "abs(w - lr * gradient - weight[0, 0].item()) < 1e-6", "`step()` does what we did by hand"),
    ("open-step", "gradient < 0 and weight[0, 0].item() > w", "The gradient is negative"),
    (
        "backward-twice",
        "[both := weight.grad, net.zero_grad(), criterion(net(X), y).backward(), both.allclose(2 * weight.grad)][-1]",
        "The second `backward()` **adds** its gradient to the one that is there: twice as much",
    ),
    ("walker-figure", "height(*paths[2][-1]) < 0.835", "The small steps follow the slope into the valley."),
    ("walker-figure", "min(height(*place) for place in paths[40]) > 0.9", "and never settle"),
    ("walker-figure", DOWN_AFTER.format(lr=10) + " == 5", "at the bottom, 0.83, in far fewer steps"),
    ("walker-figure", DOWN_AFTER.format(lr=2) + " == 24", "in far fewer steps than with 2"),
    ("walker-figure", DOWN_AFTER.format(lr=20) + " <= 5", "With 20 it arrives as fast"),
    ("walker-figure", "height(*walk(-5, 8, 20)[-1]) > 0.84", "but never quite comes to rest"),
    ("walker-figure", "height(*walk(-5, 8, 30)[-1]) > 0.9", "30 jumps from wall to wall"),
    (
        "loss-curve",
        "losses[0] - losses[50] > 5 * (losses[50] - losses[-1])",
        "Most of the way down is behind it after 50 steps",
    ),
    ("loss-curve", "abs(losses[0] - np.log(3)) < 0.02", "The loss starts near ln 3 = 1.10"),
    ("loss-curve", "abs(losses[-1] - 0.4) < 0.02", "ends near 0.4"),
    ("loss-curve", "abs(accuracy(net, X, y) - 0.84) < 0.01", "about 84 % of the wines right"),
    ("no-scaling", f"abs(min({SCALED}) - 0.34) < 0.005", "the loss gets to 0.34"),
    ("no-scaling", f"abs(min({RAW}) - 0.6) < 0.005", "without, to 0.60 at best"),
    (
        "no-scaling",
        f"[raw < scaled for raw, scaled in zip({RAW}, {SCALED})] == [1, 0, 0, 0]",
        "ahead only at the smallest rate",
    ),
    ("no-scaling", f"abs({RAW}[3] - np.log(3)) < 0.02", "it ends near ln 3 = 1.10"),
    ("no-scaling", "rates[best] == 0.1", "the best, lr 0.1"),
    ("no-scaling", "abs(features['alcohol'].mean() - 13) < 0.1", "Alcohol is always near 13"),
    (
        "mystery-curves",
        "order.tolist() == [100, 0.1, 0.0001, 10]",
        '{"A": 100, "B": 0.1, "C": 0.0001, "D": 10}',
    ),
    (
        "learning-rates",
        "abs(accuracy(networks[0], X, y) - 0.51) < 0.02",
        "At 0.0001 the boundary is where it was.",
    ),
    (
        "learning-rates",
        f"(networks[1]({PLANE}).argmax(dim=1) == 0).any()",
        "At 0.001 it has begun to move: cultivar 0 has a region.",
    ),
    (
        "learning-rates",
        "sorted(networks[1:5], key=lambda net: criterion(net(X), y), reverse=True) == networks[1:5]",
        "From 0.01 to 1 the network learns, the faster the larger; 1 fits best.",
    ),
    ("learning-rates", "criterion(networks[5](X), y) > 1", "At 10 the regions are wild"),
    ("learning-rates", "networks[6](X).isnan().all()", "the network answers nothing anywhere"),
    ("initialisation", f"{STEPS}.iloc[:6].agg(['min', 'max']).tolist() == [26, 42]", "26 to 42 steps"),
    ("initialisation", f"np.ptp({LAST_LOSS}.iloc[:6]) < 0.02", "all six arrive at about the same loss"),
    ("initialisation", f"{STEPS}.iloc[7] == 233", "a hundred times smaller, they take 233 steps"),
    ("initialisation", f"{LAST_LOSS}.iloc[6] > 1.08", "Only the last bias learns"),
    ("initialisation", f"{LAST_LOSS}.iloc[8] > 0.5", "ten times larger, they are not down after 250"),
    (
        "no-zero-grad",
        "abs(histories['softmax, zero_grad: False'][200][1] - 0.80) < 0.01",
        "80 % right after 200 steps",
    ),
    ("no-zero-grad", "abs(histories['softmax, zero_grad: True'][400][0] - 1.08) < 0.03", "it hardly moves"),
    *[
        (
            "no-zero-grad",
            f"{GRADIENT_AFTER.format(net=WITH, iterations=iterations)}"
            f" < {GRADIENT_AFTER.format(net=WITHOUT, iterations=iterations)} / 2",
            words,
        )
        for iterations, words in (
            (1, "makes the gradient small"),
            (50, "they are small, which is likely why it does not overshoot"),
        )
    ],
    (
        "no-zero-grad",
        "abs(min(loss for loss, _ in histories['logits, zero_grad: False'][:150]) - 0.44) < 0.01",
        "The loss comes down fast to about 0.44",
    ),
    (
        "no-zero-grad",
        "max(loss for loss, _ in histories['logits, zero_grad: False'][150:300]) > 0.55",
        "overshoots and climbs again",
    ),
    ("no-zero-grad", "abs(np.log(1 + 2 / np.e) - 0.55) < 0.005", "its loss cannot fall below 0.55"),
    ("split", "len(y_train) == 119 and len(y_val) == 59", "119 wines to train on, 59 to choose by"),
    (
        "thousand-figure",
        f"[other := {FRESH.format(seed=42)}, train(other, X_train, y_train, rates[panda].item()), abs(criterion(other(X_val), y_val).item() - losses[panda].item()) < 1e-3][-1]",
        "it is the network above and the step by hand",
    ),
    (
        "thousand-figure",
        f"np.ptp(losses[{LEVEL.format(low=0.2, high=1)}]) < 0.02",
        "is nearly level from there to 1",
    ),
    ("thousand-figure", "losses[-1] > 0.5", "towards 10 they shoot up"),
    (
        "thousand-figure",
        f"set((hits[{LEVEL.format(low=0.03, high=1)}] * 59).round().int().tolist()) == {{51, 52}}",
        "from 0.03 to 1, 51 or 52 of the 59 validation wines are right",
    ),
    ("thousand-figure", "1 < rates[lowest] < 9", "The lowest loss lies in the ragged part"),
    (
        "thousand-figure",
        "abs(hits[lowest] - hits[panda]) * 59 < 3.5",
        "gets about as many wines right as the panda's 0.1",
    ),
]
