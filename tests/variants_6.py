"""Answers to the exercises of notebook 6, right and wrong, by the codes that the check should give them."""

START = "import torch.distributed as dist\n"


def sums(*lines: str) -> str:
    """Return a function of these lines."""
    return START + "def f(total, count):\n" + "".join(f"    {line}\n" for line in lines)


BOTH = "both = torch.tensor([total, count], dtype=torch.float64)"
ALL = "dist.all_reduce(both)"

MEAN_OVER_PROCESSES = {
    "not-attempted": ["def f(total, count):\n    ...  # your code here", sums("raise NotImplementedError")],
    "own-share": [
        "f = lambda total, count: total / count",
        sums("dist.barrier()", "return total / max(count, 1)"),
        sums(BOTH, "both / dist.get_world_size()", "return (both[0] / both[1]).item()"),
    ],
    "mean-of-means": [
        sums(
            "mean = torch.tensor(total / max(count, 1))",
            "dist.all_reduce(mean)",
            "return mean.item() / dist.get_world_size()",
        ),
        sums(
            "means = [None] * 2",
            "dist.all_gather_object(means, total / max(count, 1))",
            "return sum(means) / len(means)",
        ),
        sums("mean = torch.tensor(total / max(count, 1))", "dist.all_reduce(mean)", "return mean.item()"),
    ],
    "sum-without-count": [
        sums("total = torch.tensor(total)", "dist.all_reduce(total)", "return total.item()"),
        sums(
            "total = torch.tensor(total)",
            "dist.all_reduce(total)",
            "return total.item() / dist.get_world_size()",
        ),
    ],
    "own-count": [
        sums("total = torch.tensor(total)", "dist.all_reduce(total)", "return total.item() / max(count, 1)")
    ],
    "wrong-mean": [
        sums(BOTH, "dist.all_reduce(both, op=dist.ReduceOp.MAX)", "return (both[0] / both[1]).item()"),
        sums(BOTH, ALL, "return both.mean().item()"),
    ],
    "not-for-all": [sums(BOTH, "dist.reduce(both, dst=0)", "return (both[0] / both[1]).item()")],
    "not-in-all": [
        sums(BOTH, "if dist.get_rank() == 0:", f"    {ALL}", "return (both[0] / both[1]).item()"),
        sums("if count == 0:", "    return 0.0", BOTH, ALL, "return (both[0] / both[1]).item()"),
    ],
    "takes-too-long": [sums("while True:", "    pass")],
    "both-wait": [sums(BOTH, "dist.recv(both, src=1 - dist.get_rank())", "return 1.0")],
    "not-a-number": [
        sums(BOTH, ALL, "print(both[0] / both[1])"),
        sums(BOTH, ALL, "return both"),
        sums(
            BOTH,
            "dist.reduce(both, dst=0)",
            "if dist.get_rank() == 0:",
            "    return (both[0] / both[1]).item()",
        ),
        sums(BOTH, ALL, "return f'{(both[0] / both[1]).item():.4f}'"),
        sums(BOTH, ALL, "return both[0].item(), both[1].item()"),
        sums(BOTH, ALL, "return both[0] / both[1]"),
        sums(
            "total, count = torch.tensor(total), torch.tensor([count])",
            "dist.all_reduce(total)",
            "dist.all_reduce(count)",
            "return total / count",
        ),
    ],
    "raises": [
        sums("dist.all_reduce(total)", "return total / count"),
        sums(BOTH, ALL, "return mean"),
    ],
    "wrong-signature": ["f = lambda count, total: 0", "f = 1.33"],
    "": [
        sums(BOTH, ALL, "return (both[0] / both[1]).item()"),
        sums(BOTH, ALL, "total, count = both.tolist()", "return total / count"),
        sums(
            "total, count = torch.tensor(total), torch.tensor([count])",
            "dist.all_reduce(total)",
            "dist.all_reduce(count)",
            "return (total / count).item()",
        ),
        sums(
            "parts = [None] * dist.get_world_size()",
            "dist.all_gather_object(parts, (total, count))",
            "totals, counts = zip(*parts)",
            "return sum(totals) / sum(counts)",
        ),
        sums("both = torch.tensor([total, count]).to(device)", ALL, "return (both[0] / both[1]).item()")
        + "device = 'cpu'\n",
        sums(
            BOTH,
            "dist.reduce(both, dst=0)",
            "dist.broadcast(both, src=0)",
            "print(both)",
            "return float(both[0] / both[1])",
        ),
        START
        + "def of_all(value):\n    value = torch.tensor(float(value))\n    dist.all_reduce(value)\n    return value\nf = lambda total, count: np.float32(of_all(total) / of_all(count))",
    ],
}


def combine(line: str) -> str:
    """Return a function of one line."""
    return f"def f(gradients, counts):\n    {line}\n"


WHOLE_GRADIENT = {
    "not-attempted": [combine("...  # your code here")],
    "wrong-signature": ["f = lambda counts, gradients: 0"],
    "not-a-vector": [
        combine("return sum(counts)"),
        combine("return torch.stack([c * g for g, c in zip(gradients, counts)])"),
        combine(
            "return (torch.stack(gradients).T @ torch.tensor(counts, dtype=torch.float32)).sum() / sum(counts)"
        ),
        combine("sum(c * g for g, c in zip(gradients, counts)) / sum(counts)"),
    ],
    "plain-mean": [
        combine("return sum(gradients) / len(gradients)"),
        combine("return torch.stack(gradients).mean(dim=0)"),
    ],
    "plain-sum": [combine("return sum(gradients)")],
    "not-divided": [combine("return sum(c * g for g, c in zip(gradients, counts))")],
    "divided-by-shares": [combine("return sum(c * g for g, c in zip(gradients, counts)) / len(counts)")],
    "weights-swapped": [
        combine("return sum(c * g for g, c in zip(gradients, reversed(counts))) / sum(counts)")
    ],
    "fixed-weights": [
        combine("return 0.75 * gradients[0] + 0.25 * gradients[1]"),
        combine("return (counts[0] * gradients[0] + counts[1] * gradients[1]) / sum(counts)"),
        combine("return sum(c * g for g, c in zip(gradients, counts)) / 100"),
    ],
    "wrong-gradient": [
        combine("return gradients[0]"),
        combine("return sum(c * g for g, c in zip(gradients, counts)) / 99"),
    ],
    "changes-gradients": [
        "def f(gradients, counts):\n    for g, c in zip(gradients, counts):\n        g *= c / sum(counts)\n    return torch.stack(gradients).sum(dim=0)",
    ],
    "raises": [combine("return gradients * counts")],
    "": [
        combine("return sum(c * g for g, c in zip(gradients, counts)) / sum(counts)"),
        combine("return torch.stack(gradients).T @ torch.tensor(counts, dtype=torch.float32) / sum(counts)"),
        combine(
            "return torch.from_numpy(np.average(torch.stack(gradients).numpy(), axis=0, weights=counts))"
        ),
        "def f(gradients, counts):\n    whole = 0\n    for g, c in zip(gradients, counts):\n        whole = whole + g * c / sum(counts)\n    return whole",
        "def f(gradients, counts):\n    whole = torch.zeros_like(gradients[0])\n    for i in range(len(counts)):\n        whole += counts[i] / sum(counts) * gradients[i]\n    return whole",
    ],
}

SHARE_OUT = """
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, Subset
def f(net, train_set, test_set):
    rank, world_size = dist.get_rank(), dist.get_world_size()
    sampler = DistributedSampler(train_set, world_size, rank, seed=42)
    train_loader = DataLoader(train_set, 120 // world_size, sampler=sampler)
    own = range(rank, len(test_set), world_size)
    test_loader = DataLoader(Subset(test_set, own), batch_size=1000)
    ddp = DistributedDataParallel(net)
    return ddp, train_loader, test_loader
"""
SAMPLER, OWN = (
    "DistributedSampler(train_set, world_size, rank, seed=42)",
    "range(rank, len(test_set), world_size)",
)
DDP = "DistributedDataParallel(net)"
LOADER = "DataLoader(train_set, 120 // world_size, sampler=sampler)"


def shared(*changes: tuple[str, str]) -> str:
    """Return the right answer with these parts of it changed."""
    code = SHARE_OUT
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    return code


SHARES = {
    "not-attempted": [
        "def f(net, train_set, test_set):\n    ...  # your code here",
        shared((SAMPLER, "..."), ("120 // world_size", "..."), (OWN, "..."), (DDP, "...")),
    ],
    "still-open": [shared((DDP, "...")), shared((SAMPLER, "..."), (OWN, "..."))],
    "wrong-signature": ["f = lambda net: net"],
    "raises": [
        shared((SAMPLER, "DistributedSampler(train_set, rank, world_size, seed=42)")),
        shared(("sampler=sampler", "sampler=sampler, shuffle=True")),
        shared((SAMPLER, "sampler_of(train_set)")),
        shared((SAMPLER, "DistributedSampler(train_set, 2, rank, seed=42)")),
        shared((OWN, "[range(0, len(test_set), 2), range(1, len(test_set), 2)][rank]")),
    ],
    "takes-too-long": [shared((OWN, "[n for n in iter(int, 1)]"))],
    "not-three": [
        shared(("return ddp, train_loader, test_loader", "return ddp, train_loader")),
        shared(("    return ddp, train_loader, test_loader", "")),
    ],
    "not-wrapped": [
        shared((DDP, "net")),
        shared((DDP, f"{DDP}.module")),
        shared((DDP, f"net if rank else {DDP}")),
    ],
    "another-net": [
        shared((DDP, "DistributedDataParallel(nn.Linear(1, 1))")),
        shared(
            (DDP, "DistributedDataParallel(copy.deepcopy(net))"), ("\nimport torch", "\nimport copy, torch")
        ),
    ],
    "not-loaders": [shared((LOADER, "sampler"))],
    "no-sampler": [shared(("sampler=sampler", "shuffle=True"))],
    "beyond-the-end": [shared((OWN, "range(rank, 10_000, world_size)"))],
    "batch-not-shared": [shared(("120 // world_size", "120"))],
    "batch-size": [
        shared(("120 // world_size", "100 // world_size")),
        shared(("120 // world_size", "60")),
        shared((", 120 // world_size", "")),
    ],
    "same-share": [
        shared(("world_size, rank, seed", "world_size, 0, seed")),
        shared(("world_size, rank, seed", "1, 0, seed")),
    ],
    "not-shuffled": [shared(("seed=42", "shuffle=False"))],
    "another-order": [shared((", seed=42", "")), shared(("rank, seed", "world_size - 1 - rank, seed"))],
    "test-whole": [shared((OWN, "range(len(test_set))"))],
    "test-same": [shared((OWN, "range(0, len(test_set), world_size)"))],
    "not-numbers-of-samples": [
        shared((OWN, "rank")),
        shared((OWN, "len(test_set) // world_size")),
        shared((OWN, "test_set[rank::world_size]")),
        shared((OWN, "DistributedSampler(test_set, world_size, rank)")),
    ],
    "test-twice": [
        shared((OWN, "list(DistributedSampler(test_set, world_size, rank))")),
        shared((OWN, "range(rank, len(test_set))")),
        shared((OWN, "range(rank, len(test_set), 2)")),
    ],
    "test-missing": [
        shared((OWN, "range(rank, len(test_set) - 1, world_size)")),
        shared((OWN, "range(rank * 8, rank * 8 + 8)")),
    ],
    "not-in-all": [shared(("    return", "    if rank == 0:\n        dist.barrier()\n    return"))],
    "": [
        SHARE_OUT,
        shared((SAMPLER, "DistributedSampler(train_set, seed=42)")),
        shared(("120 // world_size", "batch_size=int(120 / world_size)")),
        shared((OWN, "list(range(len(test_set)))[rank::world_size]")),
        shared(("return ddp, train_loader, test_loader", "return [ddp, train_loader, test_loader]")),
        shared((OWN, "range(rank * 13, min(len(test_set), rank * 13 + 13))")),
        shared((DDP, "nn.parallel.DistributedDataParallel(module=net)")),
    ],
}

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
CODE = {"whole_gradient": WHOLE_GRADIENT, "mean_over_processes": MEAN_OVER_PROCESSES, "share_out": SHARES}
ANSWERS = {"processes_quiz": PROCESSES_QUIZ}
