"""Summarizes a web server's JSON log: when, who, how bad and how slow."""
