"""What fixes mean, one rule a file: state and the next fix in, new state and a finding out. No engine, no clock, no ground.

Arrival (``tracking.arrival``) and lost contact (``tracking.contact``) stand beside this folder; they are older.
"""
