"""Draws times of benchmarks as an SVG: a row for each benchmark, a dot for each peer, by its ratio to one of them.

A ratio beyond the scale has its dot at the end, with the number beside it.
"""

import math

COLOURS = ["#0b6e99", "#7fb8d1", "#c4554d", "#d9a441"]
ROW, LEFT, WIDTH, RIGHT, TOP = 16, 210, 560, 50, 56
LEAST, MOST = 0.25, 4


def write(path, best, peers, base):
    """`best`: {benchmark: {peer: seconds}}. Ratios are drawn on a logarithmic scale."""
    ratios = {
        name: {peer: times[peer] / times[base] for peer in peers if peer in times}
        for name, times in sorted(best.items())
        if base in times
    }

    def place(ratio):
        return LEFT + WIDTH * math.log(min(max(ratio, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)

    bottom = TOP + ROW * len(ratios)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + RIGHT} {bottom + 24}" '
        'font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for index, peer in enumerate(peers):
        x = LEFT + index * 140
        parts.append(f'<circle cx="{x}" cy="16" r="4" fill="{COLOURS[index]}"/><text x="{x + 9}" y="20">{peer}</text>')
    for ratio in (0.25, 0.5, 1, 2, 4):
        x = f"{place(ratio):.1f}"
        parts.append(f'<line x1="{x}" y1="{TOP - 12}" x2="{x}" y2="{bottom}" stroke="{"#444" if ratio == 1 else "#ddd"}"/>')
        parts.append(f'<text x="{x}" y="{TOP - 16}" text-anchor="middle">{ratio:g}×</text>')
    for index, (name, row) in enumerate(ratios.items()):
        y = TOP + ROW * index + ROW // 2
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{name}</text>')
        for peer, ratio in row.items():
            x = place(ratio)
            parts.append(f'<circle cx="{x:.1f}" cy="{y}" r="4" fill="{COLOURS[peers.index(peer)]}"/>')
            if not LEAST <= ratio <= MOST:
                parts.append(f'<text x="{x + 8:.1f}" y="{y + 4}">{ratio:.2g}×</text>')
    parts.append(f'<text x="{LEFT}" y="{bottom + 16}">time against {base}: less is quicker</text></svg>')
    path.write_text("\n".join(parts) + "\n")
