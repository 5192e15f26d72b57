"""Documents as tables: for the terminal, and as files of CSV, XLSX and Parquet.

What a list has as columns is declared once, in :mod:`traceledger.interop.tables.declared`: their names, and
where in the document their values stand. :mod:`traceledger.interop.tables.table` makes a table of documents,
:mod:`traceledger.interop.tables.files` writes it.
"""
