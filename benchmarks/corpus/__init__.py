"""What becomes of definitions that vendors publish, ours beside the stock generator's.

Every step of every definition is a process of its own, which has a time limit and may fail.
"""
