"""The main job, as README.md shows it: played over HTTP as its three clients play it.

`clients` are an app, the company's backend and its staff; `steps` are what they do and what must
come of it; `play` does them in order and stops at the first that fails.
"""
