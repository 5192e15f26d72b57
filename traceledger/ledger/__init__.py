"""The write side: operations, checked and submitted."""
