"""Attacks on the whole system, generated from what it says of itself. docs/security.md lists them.

A package, so that the system they attack ends with the last of them.
"""
