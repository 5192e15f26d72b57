"""What other programs read and write: spreadsheets in, tables out."""
