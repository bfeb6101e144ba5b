"""Detectors, each as a story of timed positions."""
