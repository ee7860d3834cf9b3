"""PTV v11: its rows are turned into v12's shape, and read as those are, so that both give the same objects.

Sources: PTV's own published source code (release 3.4), and what readers met in the running interface. Objects of v8,
which exports of older years hold, pass as well.
"""
