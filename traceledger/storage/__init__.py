"""What is kept on disk: files that appear whole, locks, SQLite files, and what their failures mean."""
