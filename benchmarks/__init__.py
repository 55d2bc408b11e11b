"""Side-by-side measurements against peers: ``python -m benchmarks`` writes RESULTS.md.

Nothing here is a test: a time depends on the machine, and only ratios taken in turns are compared.
"""
