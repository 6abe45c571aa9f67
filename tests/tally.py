#!/usr/bin/python3
"""Reads the log of one step of run.sh and says how many tests passed, failed and were skipped: "12 0 1".

    tally.py KIND EXIT_STATUS LOG        KIND: ctest, unittest, node, vitest, fuzz, step"""

import pathlib
import re
import sys


def total(pattern, text):
    return sum(map(int, re.findall(pattern, text)))


def ctest(text):
    """Catch2's own summaries count the cases; CTest's line counts programs."""
    passed, failed = 0, 0
    for all_cases in re.findall(r"All tests passed \(\d+ assertions? in (\d+) test cases?\)", text):
        passed += int(all_cases)
    for line in re.findall(r"test cases: +\d+ \|.*", text):
        passed += sum(map(int, re.findall(r"(\d+) passed", line)))
        failed += sum(map(int, re.findall(r"(\d+) failed", line)))
    programs = re.search(r"(\d+) tests failed out of (\d+)", text)
    if programs and (passed + failed) == 0:
        passed, failed = int(programs[2]) - int(programs[1]), int(programs[1])
    elif programs:
        failed = max(failed, int(programs[1]))
    return passed, failed, len(re.findall(r"\*\*\*Skipped", text))


def unittest(text):
    """The summaries of one run or of several."""
    ran = total(r"(?m)^Ran (\d+) tests? in", text)
    failed, skipped = 0, 0
    for line in re.findall(r"(?m)^(?:OK|FAILED) \(.*\)$", text):
        failed += total(r"(?:failures|errors)=(\d+)", line)
        skipped += total(r"skipped=(\d+)", line)
    return max(0, ran - failed - skipped), failed, skipped


def node(text):
    return tuple(sum(map(int, re.findall(rf"(?m)^. {word} (\d+)$", text))) for word in ("pass", "fail", "skipped"))


def vitest(text):
    line = ([""] + re.findall(r"(?m)^ *Tests +(.*)$", re.sub(r"\x1b\[[0-9;]*m", "", text)))[-1]
    return tuple(sum(map(int, re.findall(rf"(\d+) {word}", line))) for word in ("passed", "failed", "skipped"))


def fuzz(text):
    return len(re.findall(r"(?m)^fuzzed ", text)), len(re.findall(r"(?m)^crashed ", text)), 0


def step(_):
    return 0, 0, 0


def main():
    kind, status, log = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3]).read_text(errors="replace")
    passed, failed, skipped = {f.__name__: f for f in (ctest, unittest, node, vitest, fuzz, step)}[kind](log)
    if status != 0:
        failed = max(failed, 1)
    elif kind != "step" and passed + skipped == 0:
        failed = max(failed, 1)  # a step that ran nothing proves nothing
    if kind == "step" and status == 0:
        passed = 1
    print(passed, failed, skipped)


if __name__ == "__main__":
    main()
