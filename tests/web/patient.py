"""Who asks a server and does not give up while a machine is busy; httpx gives up after five seconds."""

from __future__ import annotations

import httpx

SECONDS = 120
PATIENT = httpx.Client(timeout=SECONDS, limits=httpx.Limits(max_keepalive_connections=0))
"""Has a connection of its own for each question, as ``httpx.get`` has."""
