"""Measurements beside peers, never a test: ``kuaijing bench NAME``. Each bench is a module with a line in ``registry``."""
