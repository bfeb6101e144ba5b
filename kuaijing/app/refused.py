"""A command that cannot be carried out as asked."""


class Refused(Exception):
    """One message for the person who typed the command: what, which value, what to do. Exit status 2."""
