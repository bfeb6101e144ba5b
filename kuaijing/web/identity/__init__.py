"""Who is at the door: local accounts, passwords, sessions, roles."""
