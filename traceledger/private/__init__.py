"""Texts kept off the chain: what opens their commitments is stored here, handed on, and taken over."""
