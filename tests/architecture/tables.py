"""Markdown tables of docs/, as rows of cells."""

import re
from pathlib import Path


def rows(path: Path, heading: str) -> list[list[str]]:
    """Body rows of the first table under a heading. Raises ValueError when the file has no such heading or table."""
    lines = path.read_text().splitlines()
    starts = [i for i, line in enumerate(lines) if line.lstrip("#").strip() == heading and line.startswith("#")]
    if not starts:
        raise ValueError(f"{path.name} has no heading « {heading} »")
    table = []
    for line in lines[starts[0] + 1 :]:
        if line.startswith("#"):
            break
        if line.startswith("|"):
            table.append([cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])])
        elif table:
            break
    if len(table) < 3:
        raise ValueError(f"{path.name} has no table under « {heading} »")
    return table[2:]


def code(cell: str) -> list[str]:
    """What stands between back-ticks."""
    return re.findall(r"`([^`]+)`", cell)
