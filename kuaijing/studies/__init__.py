"""Studies: from what is known (history, ground, plan, log) to an answer with its proof. Reads; proposes; decides nothing.

The solvers are in ``planning``, the rates in ``demand``, the compiled simulator in ``simulation``; here their inputs are made
from a city and their answers are put into its words.
"""
