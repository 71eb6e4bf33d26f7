"""Answers to the exercises of notebook 6, right and wrong, by the codes that the check should give them."""

START = "import torch.distributed as dist\n"


def sums(*lines: str) -> str:
    """Return a function of these lines."""
    return START + "def f(total, count):\n" + "".join(f"    {line}\n" for line in lines)


BOTH = "both = torch.tensor([total, count], dtype=torch.float64)"
ALL = "dist.all_reduce(both)"

MEAN_OVER_PROCESSES = {
    "not-attempted": ["def f(total, count):\n    ...  # your code here"],
    "own-share": [
        "f = lambda total, count: total / count",
        sums("dist.barrier()", "return total / max(count, 1)"),
        sums(BOTH, "both / dist.get_world_size()", "return (both[0] / both[1]).item()"),
    ],
    "mean-of-means": [
        sums("mean = torch.tensor(total / max(count, 1))", "dist.all_reduce(mean)", "return mean.item() / dist.get_world_size()"),
        sums("means = [None] * 2", "dist.all_gather_object(means, total / max(count, 1))", "return sum(means) / len(means)"),
        sums("mean = torch.tensor(total / max(count, 1))", "dist.all_reduce(mean)", "return mean.item()"),
    ],
    "sum-without-count": [
        sums("total = torch.tensor(total)", "dist.all_reduce(total)", "return total.item()"),
        sums("total = torch.tensor(total)", "dist.all_reduce(total)", "return total.item() / dist.get_world_size()"),
    ],
    "own-count": [sums("total = torch.tensor(total)", "dist.all_reduce(total)", "return total.item() / max(count, 1)")],
    "wrong-mean": [
        sums(BOTH, "dist.all_reduce(both, op=dist.ReduceOp.MAX)", "return (both[0] / both[1]).item()"),
        sums(BOTH, ALL, "return both.mean().item()"),
    ],
    "not-for-all": [sums(BOTH, "dist.reduce(both, dst=0)", "return (both[0] / both[1]).item()")],
    "not-in-all": [
        sums(BOTH, "if dist.get_rank() == 0:", f"    {ALL}", "return (both[0] / both[1]).item()"),
        sums("if count == 0:", "    return 0.0", BOTH, ALL, "return (both[0] / both[1]).item()"),
    ],
    "no-end": [sums("while True:", "    pass")],
    "not-a-number": [
        sums(BOTH, ALL, "print(both[0] / both[1])"),
        sums(BOTH, ALL, "return both"),
        sums(BOTH, ALL, "return f'{(both[0] / both[1]).item():.4f}'"),
        sums(BOTH, ALL, "return both[0].item(), both[1].item()"),
    ],
    "raises": [
        sums("dist.all_reduce(total)", "return total / count"),
        sums(BOTH, ALL, "return mean"),
    ],
    "wrong-signature": ["f = lambda count, total: 0", "f = 1.33"],
    "": [
        sums(BOTH, ALL, "return (both[0] / both[1]).item()"),
        sums(BOTH, ALL, "total, count = both.tolist()", "return total / count"),
        sums(BOTH, ALL, "return both[0] / both[1]"),
        sums("total, count = torch.tensor(total), torch.tensor([count])", "dist.all_reduce(total)", "dist.all_reduce(count)", "return total / count"),
        sums("parts = [None] * dist.get_world_size()", "dist.all_gather_object(parts, (total, count))", "totals, counts = zip(*parts)", "return sum(totals) / sum(counts)"),
        sums("both = torch.tensor([total, count]).to(device)", ALL, "return (both[0] / both[1]).item()") + "device = 'cpu'\n",
        sums(BOTH, "dist.reduce(both, dst=0)", "dist.broadcast(both, src=0)", "print(both)", "return float(both[0] / both[1])"),
        START + "def of_all(value):\n    value = torch.tensor(float(value))\n    dist.all_reduce(value)\n    return value\nf = lambda total, count: np.float32(of_all(total) / of_all(count))",
    ],
}  # fmt: skip
PROCESSES_QUIZ = {
    "not-attempted": [{1: ..., 2: ..., 3: ..., 4: ..., 5: ...}],
    "1-wrong 2-wrong 3-wrong 4-wrong 5-wrong": [
        {1: "A", 2: "B", 3: "A", 4: "A", 5: "A"},
        {1: "C", 2: "C", 3: "B", 4: "C", 5: "C"},
    ],
    "5-wrong": [{1: "B", 2: "A", 3: "C", 4: "B", 5: "D"}],
    "incomplete": [{1: "B", 2: "A", 3: "C", 4: "B", 5: ...}],
    "": [{1: "B", 2: "A", 3: "C", 4: "B", 5: "B"}, {"1": "b", "2": "a", "3": "c", "4": "b", "5": "b"}],
}

# Code, which defines f, and values.
CODE = {"mean_over_processes": MEAN_OVER_PROCESSES}
ANSWERS = {"processes_quiz": PROCESSES_QUIZ}
