"""Checking what was extracted: fixtures, comparison, reviews, validators, and what a newer run changed.

Nothing is imported here, so that a command (or the pytest plugin) pays only for the module that it uses.
"""
