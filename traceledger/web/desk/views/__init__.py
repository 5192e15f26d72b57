"""What the desk's pages show, and what their forms do."""
