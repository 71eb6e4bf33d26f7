"""What notebook 2 says: (cell, expression that is true right after it, words of the text that it holds).

Where the text invites the reader to change something and says what happens, the expression changes it.
"""

# On the plane that the figure shows, how many of the three classes a network predicts somewhere.
PLANE = "torch.cartesian_prod(torch.linspace(-2.8, 2.6, 150), torch.linspace(-2, 3.8, 150)).to(dev)"
REGIONS = "len(new_network(seed={seed})(" + PLANE + ").argmax(dim=1).unique())"
DOWN_AFTER = "next(i for i, place in enumerate(downhill(slope, star, {lr}, 60)) if height(place) < 0.835)"
# How long the gradient in .grad is after so many iterations of the lesson's loop.
GRADIENT_AFTER = (
    "[other := new_network(){softmax}, train_as_in_the_lesson(other, False, {iterations}), "
    "torch.cat([w.grad.flatten() for w in other.parameters()]).norm().item()][-1]"
)
SOFTMAX = ".append(nn.Softmax(dim=1))"
# By their places, which are the same in both editions.
SCALED, RAW = (f"list(final_loss.values())[{i}]" for i in (0, 1))
STEPS, LAST_LOSS = (f"[float(row[{i}]) for row in rows.values()]" for i in (1, 2))
SHARES = "[f'{row[2][-4:].strip()}' for row in table.values()]"
LEVEL = "(rates > {low}) & (rates < {high})"
TRAIN_LOSSES, VAL_LOSSES = (f"list(losses.values())[{i}][1]" for i in (0, 1))
VAL_HITS = "(list(hits.values())[1][1] * 45)"

CLAIMS = [
    ("load-wine", "wine.data.shape == (178, 13)", "178 Italian wines of three grape varieties"),
    (
        "load-wine",
        "np.ptp(features, axis=0).round().tolist() == [4, 12]",
        "Alcohol varies by 4, colour by 12.",
    ),
    (
        "standardise",
        "abs(scaled.mean(axis=0)).max() < 1e-9 and abs(scaled.std(axis=0) - 1).max() < 1e-9",
        "Afterwards each has mean 0 and standard deviation 1.",
    ),
    ("tensors", "X.dtype == torch.float32 and X.shape == (178, 2)", "Features are **float32**"),
    ("tensors", "y.dtype == torch.int64 and y.shape == (178,)", "Classes are **int64**"),
    ("network", "sum(w.numel() for w in net.parameters()) == 195", "Our mountain has 195 dimensions"),
    (
        "random-boundary",
        REGIONS.format(seed=42) + " == 2 and not (new_network()(" + PLANE + ").argmax(dim=1) == 0).any()",
        "cultivar 0 has no region",
    ),
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
    (
        "open-step",
        "abs(w - lr * gradient - weight[0, 0].item()) < 1e-6 and abs(weight[0, 0].item() - 0.1779) < 6e-5",
        "`step()` does what we did by hand, 0.1779 = 0.1779",
    ),
    ("open-step", "gradient < 0 and weight[0, 0].item() > w", "The gradient is negative"),
    ("backward-twice", "abs(weight.grad[0, 0].item() + 0.2796) < 6e-5", "-0.2796 is twice -0.1398"),
    (
        "backward-twice",
        "[both := weight.grad, net.zero_grad(), criterion(net(X), y).backward(), both.allclose(2 * weight.grad)][-1]",
        "The second `backward()` **adds** its gradient to the one that is there",
    ),
    ("walker-figure", "abs(height(walks['lr 2'][-1]) - 0.83) < 0.005", "down to 0.83."),
    (
        "walker-figure",
        "min(height(place) for place in walks['lr 40']) > 0.9",
        "The large ones jump across it and never settle.",
    ),
    (
        "walker-figure",
        DOWN_AFTER.format(lr=10) + " == 5",
        "the walker is at the bottom, 0.83, in far fewer steps",
    ),
    ("walker-figure", DOWN_AFTER.format(lr=2) + " == 24", "in far fewer steps than with 2"),
    ("walker-figure", DOWN_AFTER.format(lr=20) + " <= 5", "With 20 it arrives as fast"),
    ("walker-figure", "height(downhill(slope, star, 20, 60)[-1]) > 0.84", "but never quite comes to rest"),
    ("walker-figure", "height(downhill(slope, star, 30, 60)[-1]) > 0.9", "30 jumps from wall to wall"),
    ("hundred", "abs(losses[0] - np.log(3)) < 0.02", "The loss starts near ln 3 = 1.10."),
    (
        "hundred",
        "losses[0] - losses[49] > 5 * (losses[49] - losses[-1])",
        "Most of the way down is behind it after 50 steps.",
    ),
    (
        "two-hundred",
        "len(losses) == 200 and abs(losses[99] - 0.413) < 6e-4 and abs(losses[-1] - 0.39) < 6e-4",
        "From 0.413 to 0.390",
    ),
    (
        "boundary-film",
        "all(len(net(" + PLANE + ").argmax(dim=1).unique()) == 3 for net in snapshots[1:])",
        "By iteration 10 each cultivar has its region",
    ),
    (
        "ours-accuracy",
        "abs(share_right(net, X, y) - 0.84) < 0.005",
        "84 %. These are the wines that it was trained on.",
    ),
    (
        "neurons",
        "all(abs(criterion(net(X), y) - loss) < 0.006 for net, loss in zip(networks, (0.67, 0.46, 0.39, 0.37)))",
        "With 32 it is 0.39, and with 256 only a little less, 0.37",
    ),
    ("no-scaling", f"abs(min({SCALED}) - 0.34) < 0.005", "With standardised features the loss gets to 0.34."),
    (
        "no-scaling",
        f"abs(min({RAW}) - 0.6) < 0.005 and {RAW}.index(min({RAW})) == 2",
        "it gets to 0.60 at best",
    ),
    (
        "no-scaling",
        f"[raw < scaled for raw, scaled in zip({RAW}, {SCALED})] == [1, 0, 0, 0]",
        "is ahead only at the smallest rate",
    ),
    (
        "no-scaling",
        f"[share := y.bincount() / len(y), abs({RAW}[3] + (share * share.log()).sum()) < 0.005][-1]",
        "Its loss of 1.09 is what one gets who always answers how frequent each cultivar is.",
    ),
    (
        "no-scaling",
        "[dead := trained(raw, y, 1.0)[0], (dead[1](dead[0](raw)) == 0).all()][-1]",
        "no hidden neuron lets anything through any more",
    ),
    ("no-scaling", "abs(features['alcohol'].mean() - 13) < 0.1", "Alcohol is always near 13."),
    (
        "mystery-curves",
        "order.tolist() == [100, 0.1, 0.0001, 10]",
        '{"A": 100, "B": 0.1, "C": 0.0001, "D": 10}',
    ),
    (
        "mystery-curves",
        "[a := trained(X, y, 100)[1], a[1] < 1e5 < a[2] and sum(np.isfinite(a)) == 12 and np.isnan(a[-1])][-1]",
        "grows until it leaves the range of float32, after 12 iterations",
    ),
    (
        "learning-rates",
        "abs(share_right(networks[0], X, y) - 0.51) < 0.02",
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
    ("initialisation", f"[min({STEPS}), max({STEPS})] == [26, 42]", "it takes 26 to 42 steps"),
    ("initialisation", f"np.ptp({LAST_LOSS}) < 0.02", "all six are at about the same loss"),
    ("no-zero-grad", f"{SHARES}[2] == '80%'", "80 % right after 200 steps"),
    ("no-zero-grad", f"{SHARES}[3] == '64%'", "with 64 % right after 200 steps"),
    ("no-zero-grad", "abs(list(curves.values())[0][400] - 1.08) < 0.03", "it hardly moves"),
    *[
        (
            "no-zero-grad",
            f"{GRADIENT_AFTER.format(softmax=SOFTMAX, iterations=n)} < {GRADIENT_AFTER.format(softmax='', iterations=n)} / 2",
            words,
        )
        for n, words in (
            (1, "makes the gradient small"),
            (50, "They are small, which is likely why it does not overshoot."),
        )
    ],
    (
        "no-zero-grad",
        "abs(min(list(curves.values())[1][:150]) - 0.44) < 0.01",
        "The loss comes down fast to about 0.44",
    ),
    ("no-zero-grad", "max(list(curves.values())[1][150:300]) > 0.55", "then it climbs again"),
    ("no-zero-grad", "abs(np.log(1 + 2 / np.e) - 0.55) < 0.005", "its loss cannot fall below 0.55"),
    ("split", "(len(y_train), len(y_val), len(test)) == (88, 45, 45)", "88 wines to train on"),
    (
        "ours-rates",
        "rates[tried.index(min(tried))] == 1 and abs(min(tried) - 0.523) < 6e-4 and abs(tried[2] - 0.533) < 6e-4",
        "The best of the five is 1, with 0.523. 0.1 is close behind, with 0.533",
    ),
    ("ours-rates", "tried[4] > 1", "at 10 the training breaks down"),
    (
        "thousand-figure",
        f"[other := trained(X_train, y_train, rates[panda].item())[0], abs(criterion(other(X_val), y_val).item() - {VAL_LOSSES}[panda].item()) < 1e-3][-1]",
        "Otherwise it is your step by hand.",
    ),
    (
        "thousand-figure",
        f"0.9 < rates[{TRAIN_LOSSES}.nan_to_num(9).argmin()] < 7 and (({TRAIN_LOSSES}[{LEVEL.format(low=0, high=1)}]).diff() < 5e-3).all()",
        "The training loss keeps falling until lr ≈ 1, and raggedly until about 5.",
    ),
    (
        "thousand-figure",
        f"np.ptp({VAL_LOSSES}[{LEVEL.format(low=0.05, high=1)}].cpu()) < 0.04",
        "falls until about 0.05 and is nearly level from there to 1",
    ),
    (
        "thousand-figure",
        f"{VAL_LOSSES}[rates > 7].nan_to_num(9).max() > 2",
        "towards 10 everything breaks down",
    ),
    (
        "thousand-figure",
        f"{VAL_HITS}[{LEVEL.format(low=0.13, high=1)}].round().unique().tolist() == [35]",
        "35 of the 45 validation wines are right everywhere from 0.13 to 1",
    ),
    (
        "thousand-figure",
        "abs(rates[best] - 1.1) < 0.05 and abs(val_losses[best] - 0.487) < 6e-4",
        "The lowest validation loss, 0.487, lies at 1.1",
    ),
    ("test-once", "round(right * 45) == 40", "89 %, and on the validation wines it was 78 %."),
    (
        "test-once",
        "abs(share_right(net, X_val, y_val) - 35 / 45) < 1e-6",
        "on the validation wines it was 78 %",
    ),
]
