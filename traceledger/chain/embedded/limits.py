"""Every limit of the embedded chain and of the node over it: nobody can hold up the others.

docs/operating.md has them as a table, which a test compares with this module; docs/security.md says what was
measured with them.
"""

from __future__ import annotations

KIB = 1024
MIB = 1024 * 1024

# Transactions of members.

TRANSACTION_BYTES = 128 * KIB
"""Bytes of one signed transaction; Ethereum's nodes take as many."""

TRANSACTION_GAS = 200_000_000
"""Gas that one transaction may ask for. No operation uses more than 30,000,000 (Rule 13.); clients ask by the
calldata, for three times as much and more."""

BLOCK_TRANSACTIONS = 100
"""Transactions of one batch that become one block, so that others' blocks come between."""

BLOCK_SECONDS = 1
"""Processor seconds after which a block takes no more of a batch; the rest goes into the next one."""

TRANSACTION_SECONDS = 3
"""Processor seconds that running one transaction may take; 30,000,000 gas of storing take less than one."""

PENALTY_SECONDS = 60
"""For how long an account may send none after one of its batches had a transaction that took longer."""

WRITERS_WAITING = 32
"""Batches of transactions that may wait for their turn; of one account, one waits at a time."""

# Calls and estimates.

CALL_GAS = 50_000_000
"""Gas of a call, and the most that an estimate looks for."""

QUICK_SECONDS = 0.5
"""Processor seconds that a call or an estimate gets at first, in a process that is kept for quick ones."""

CALL_SECONDS = 3
"""Processor seconds that one call may take, if need be in the process for slow ones."""

ESTIMATE_SECONDS = 10
"""Processor seconds that one estimate may take: it runs a transaction some sixteen times."""

SLOW_MEMORY = 1000
"""Calls, by contract and function, that are known to be slow, and so are not tried as quick ones again."""

CALL_WAIT_SECONDS = 10
"""For how long a call waits for its turn."""

# Reading.

READS_AT_ONCE = 2
"""Long answers (logs, proofs, whole blocks) that are made side by side; short ones do not wait for them."""

READ_SECONDS = 5
"""Processor seconds that searching the logs of one filter may take; and for how long a long answer waits for
its turn."""

LOGS = 10_000
"""Logs in one answer."""

FILTER_CHOICES = 1000
"""Addresses of a filter, and choices of one topic."""

PROOF_KEYS = 1024
"""Storage keys of one ``eth_getProof``."""

FEE_BLOCKS = 1024
"""Blocks of one ``eth_feeHistory``."""

FEE_PERCENTILES = 100
"""Percentiles of one ``eth_feeHistory``."""

# Documents and connections.

BODY_BYTES = 4 * MIB
"""Bytes of one request's body."""

HEADER_BYTES = 16 * KIB
"""Bytes of one request's line and header fields."""

BATCH_REQUESTS = 1000
"""Requests in one batch."""

BATCH_SECONDS = 30
"""For how long requests of one batch are begun; those left are answered by an error."""

ANSWER_BYTES = 32 * MIB
"""Bytes of one answer; in a batch, results beyond it are errors."""

HELD_BYTES = 128 * MIB
"""Bytes of all bodies and answers held at once."""

SMALL_BYTES = 64 * KIB
"""Of each document, so many bytes are not counted, so that short ones always find room."""

JSON_VALUES = 100_000
"""Values of one document: each takes many times its bytes once it is parsed."""

CONNECTIONS = 256
"""Connections at once; a further one takes the place of the one that has been silent for the longest time."""

REQUEST_SECONDS = 10
"""Seconds from the first byte of a request to its last, and for taking an answer."""

IDLE_SECONDS = 60
"""For how long a connection is kept between two requests."""

STOP_SECONDS = 0.5
"""For how long a node that is to stop waits for the block that is being made."""

WORKER_BYTES = 1024 * MIB
"""Address space of a process that runs contracts, its stack of 64 MiB and its programs included."""
