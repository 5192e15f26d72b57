"""Spreadsheets in: what stands in the cells of a workbook or of a CSV file, and what is wrong with it."""
