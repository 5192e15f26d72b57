"""Founding, running and governing a consortium's network."""
