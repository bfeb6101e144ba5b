"""Kuaijing 快警."""
