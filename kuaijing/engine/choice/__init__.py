"""Choice policies: array functions without state that the engine and the compiled simulator both call."""
