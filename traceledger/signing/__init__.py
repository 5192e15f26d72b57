"""Where keys live, and how they sign."""
