"""``traceledger serve``: the explorer and the API. Reads only."""
