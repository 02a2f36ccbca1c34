"""Draws times of benchmarks as an SVG: a row for each benchmark, a dot for each peer, by its ratio to one of them."""

import math

COLOURS = ["#0b6e99", "#7fb8d1", "#c4554d", "#d9a441"]
ROW, LEFT, WIDTH, TOP = 16, 210, 560, 56


def write(path, best, peers, base):
    """`best`: {benchmark: {peer: seconds}}. Ratios are drawn on a logarithmic scale."""
    ratios = {
        name: {peer: times[peer] / times[base] for peer in peers if peer in times}
        for name, times in sorted(best.items())
        if base in times
    }
    all_ratios = [ratio for row in ratios.values() for ratio in row.values()]
    low, high = min([0.5, *all_ratios]), max([2, *all_ratios])

    def place(ratio):
        return LEFT + WIDTH * (math.log(ratio) - math.log(low)) / (math.log(high) - math.log(low))

    bottom = TOP + ROW * len(ratios)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} {bottom + 24}" '
        'font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for index, peer in enumerate(peers):
        x = LEFT + index * 140
        parts.append(f'<circle cx="{x}" cy="16" r="4" fill="{COLOURS[index]}"/><text x="{x + 9}" y="20">{peer}</text>')
    for ratio in (0.25, 0.5, 1, 2, 4, 8, 16):
        if low <= ratio <= high:
            x = f"{place(ratio):.1f}"
            parts.append(f'<line x1="{x}" y1="{TOP - 12}" x2="{x}" y2="{bottom}" stroke="{"#444" if ratio == 1 else "#ddd"}"/>')
            parts.append(f'<text x="{x}" y="{TOP - 16}" text-anchor="middle">{ratio:g}×</text>')
    for index, (name, row) in enumerate(ratios.items()):
        y = TOP + ROW * index + ROW // 2
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{name}</text>')
        for peer, ratio in row.items():
            parts.append(f'<circle cx="{place(ratio):.1f}" cy="{y}" r="4" fill="{COLOURS[peers.index(peer)]}"/>')
    parts.append(f'<text x="{LEFT}" y="{bottom + 16}">time against {base}: less is quicker</text></svg>')
    path.write_text("\n".join(parts) + "\n")
