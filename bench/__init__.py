"""Benchmarks: each prints medians of several rounds beside a reference run in the same minutes.

`make bench` runs all; `python -m bench events` one. Nothing here is a test: machines differ, ratios
travel. docs/performance.md has what was measured.
"""
